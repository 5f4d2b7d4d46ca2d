# A program per file of tests/unit, named as its path: lib-net-http_parser.
#
# What a test links follows from its place: tests/unit/lib/… the library,
# tests/unit/services/NAME/… that service too.
enable_testing()
add_test(NAME symbols
  COMMAND ${CMAKE_SOURCE_DIR}/script/symbols ${CMAKE_BINARY_DIR})
pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)

# The protos of tests/proto with the well-known types they import: C structures
# and the descriptor set, as the symbols test_descriptor_set and …_end.
file(GLOB_RECURSE test_protos CONFIGURE_DEPENDS
  RELATIVE ${CMAKE_SOURCE_DIR}/tests/proto ${CMAKE_SOURCE_DIR}/tests/proto/*.proto)
set(test_gen ${CMAKE_BINARY_DIR}/gen-tests)
list(TRANSFORM test_protos PREPEND ${CMAKE_SOURCE_DIR}/tests/proto/
  OUTPUT_VARIABLE test_inputs)
foreach(known IN ITEMS any duration empty field_mask struct timestamp wrappers)
  list(APPEND known_protos google/protobuf/${known}.proto)
endforeach()
foreach(proto IN LISTS test_protos known_protos)
  string(REGEX REPLACE "\\.proto$" ".pb-c.c" generated ${proto})
  list(APPEND test_c ${test_gen}/${generated})
endforeach()
set(test_paths -I${CMAKE_SOURCE_DIR}/tests/proto -I/usr/include)
add_custom_command(OUTPUT ${test_c} ${test_gen}/tests.pb
  COMMAND ${CMAKE_COMMAND} -E make_directory ${test_gen}
  COMMAND ${PROTOC_C} ${test_paths} --c_out=${test_gen} ${test_protos}
    ${known_protos}
  COMMAND ${PROTOC} ${test_paths} --include_imports
    --descriptor_set_out=${test_gen}/tests.pb ${test_protos}
  DEPENDS ${test_inputs} VERBATIM)
embed_bytes(test_descriptor_set ${test_gen}/tests.pb)
add_library(test_proto STATIC EXCLUDE_FROM_ALL
  ${test_c} ${embed_test_descriptor_set})
target_include_directories(test_proto SYSTEM PUBLIC ${test_gen})
target_link_libraries(test_proto PUBLIC PkgConfig::libprotobuf-c)

# The service of those protos, and a daemon of it for the npm clients.
add_library(test_echo STATIC EXCLUDE_FROM_ALL tests/wire/rpc/echo_service.c)
target_link_libraries(test_echo PRIVATE house PUBLIC parlor test_proto)
add_executable(echo_daemon tests/wire/rpc/echo_daemon.c)
target_link_libraries(echo_daemon PRIVATE house test_echo)
set_target_properties(echo_daemon PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/wire)

file(GLOB_RECURSE unit_tests CONFIGURE_DEPENDS
  RELATIVE ${CMAKE_SOURCE_DIR}/tests/unit ${CMAKE_SOURCE_DIR}/tests/unit/*.c)
foreach(test IN LISTS unit_tests)
  string(REGEX REPLACE "\\.c$" "" name ${test})
  string(REPLACE "/" "-" name ${name})
  add_executable(unit-${name} tests/unit/${test})
  set_target_properties(unit-${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit OUTPUT_NAME ${name})
  target_link_libraries(unit-${name} PRIVATE house PkgConfig::cmocka parlor)
  if(test MATCHES "^services/([a-z]+)/")
    target_link_libraries(unit-${name} PRIVATE service_${CMAKE_MATCH_1})
  endif()
  if(test MATCHES "^lib/(rpc|wire)/")
    target_link_libraries(unit-${name} PRIVATE test_echo)
  endif()
  if(test MATCHES "^clients/cli/")
    target_link_libraries(unit-${name} PRIVATE cli)
  endif()
  if(test MATCHES "^lib/function/")
    target_link_libraries(unit-${name} PRIVATE parlor_function)
  endif()
  if(test MATCHES "^services/(kv/access|gateway)/")
    target_compile_definitions(unit-${name} PRIVATE
      PARLOR_SOURCE="${CMAKE_SOURCE_DIR}")
  endif()
  if(test MATCHES "^services/game/(host/|game)")
    target_compile_definitions(unit-${name} PRIVATE
      TEST_FUNCTIONS="${CMAKE_BINARY_DIR}/test-functions"
      PARLOR_GAME="${CMAKE_BINARY_DIR}/parlor-game")
    add_dependencies(unit-${name} ${test_functions} parlor-game)
  endif()
  if(test STREQUAL "compose.c")
    target_compile_definitions(unit-${name} PRIVATE
      PARLOR_SOURCE="${CMAKE_SOURCE_DIR}" PARLOR_BUILD="${CMAKE_BINARY_DIR}"
      PARLOR_DATADIR="${CMAKE_INSTALL_DATADIR}"
      PARLOR_LIBEXECDIR="${CMAKE_INSTALL_LIBEXECDIR}")
    add_dependencies(unit-${name} parlor-kv parlor-auth parlor-game
      parlor-gateway parlor-cli ${functions})
  endif()
  add_test(NAME ${name} COMMAND unit-${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endforeach()

# Fuzz targets: tests/fuzz/NAME.c has LLVMFuzzerTestOneInput; its first comment
# line may say "links: service_kv".
if(PARLOR_FUZZ)
  file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.c)
  add_custom_target(fuzzers)
  foreach(source IN LISTS fuzzers)
    get_filename_component(name ${source} NAME_WE)
    file(STRINGS ${source} links REGEX "links: " LIMIT_COUNT 1)
    string(REGEX REPLACE ".*links: ([a-z_ ]*).*" "\\1" links "${links}")
    separate_arguments(links)
    add_executable(fuzz-${name} ${source})
    target_link_libraries(fuzz-${name} PRIVATE house ${links} parlor)
    target_link_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(fuzz-${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz OUTPUT_NAME ${name})
    add_dependencies(fuzzers fuzz-${name})
  endforeach()
endif()

# Programs of script/bench: tests/bench/NAME.c, with a first comment that may
# say "links: …" beside the library.
file(GLOB benches CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/*.c)
foreach(source IN LISTS benches)
  get_filename_component(name ${source} NAME_WE)
  file(STRINGS ${source} links REGEX "links: " LIMIT_COUNT 1)
  string(REGEX REPLACE ".*links: ([A-Za-z0-9_: -]*).*" "\\1" links "${links}")
  separate_arguments(links)
  add_executable(bench-${name} ${source})
  target_link_libraries(bench-${name} PRIVATE house ${links} parlor)
  set_target_properties(bench-${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench OUTPUT_NAME ${name})
endforeach()

# The store's crash test, under a library that forgets what was not synced; not
# in the sanitizers' builds, whose run-time wants to be the first library.
if(NOT PARLOR_SANITIZE)
  add_library(forget SHARED tests/fault/forget.c)
  target_link_libraries(forget PRIVATE house ${CMAKE_DL_LIBS} Threads::Threads)
  add_executable(fault-crash tests/fault/crash.c)
  target_link_libraries(fault-crash PRIVATE house service_kv)
  add_test(NAME fault-crash COMMAND fault-crash $<TARGET_FILE:forget>)
  set_tests_properties(fault-crash PROPERTIES TIMEOUT 120 LABELS fault)
endif()
