# What a package holds beside the programs and functions: manual pages and the
# example of the settings, both printed by the programs themselves, the protos,
# their descriptor set, and the game's deployment.

set(daemons)
foreach(name IN ITEMS auth kv gateway game)
  if(TARGET parlor-${name})
    list(APPEND daemons parlor-${name})
  endif()
endforeach()
set(made ${CMAKE_BINARY_DIR}/install)
file(MAKE_DIRECTORY ${made})

# Makes `file` of what a shell command prints.
function(printed file depends command)
  add_custom_command(OUTPUT ${made}/${file}
    COMMAND sh -ec "${command}" > ${made}/${file}
    DEPENDS ${depends} VERBATIM)
  set(printed_files ${printed_files} ${made}/${file} PARENT_SCOPE)
endfunction()

set(examples)
foreach(daemon IN LISTS daemons)
  printed(${daemon}.8 ${daemon} "./${daemon} --manual")
  install(FILES ${made}/${daemon}.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
  # every example begins with the shared section, which is wanted once
  if(examples)
    string(APPEND examples "; echo; ./${daemon} --example | sed '1,/^$/d'")
  else()
    set(examples "./${daemon} --example")
  endif()
endforeach()
printed(parlor.yaml "${daemons}" "${examples}")
printed(parlor.1 parlor-cli "./parlor --manual")
add_custom_target(printed ALL DEPENDS ${printed_files})

install(FILES ${made}/parlor.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${made}/parlor.yaml
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY proto/ DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor/proto)
install(FILES ${parlor_descriptors}
  DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor)
install(FILES services/kv/prices.yaml
  DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor)
install(DIRECTORY services/auth/mail/letters/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor/letters)
install(DIRECTORY build/web/ DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor/web
  OPTIONAL PATTERN .stamp EXCLUDE)
install(DIRECTORY services/game/deploy/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/parlor/game)
