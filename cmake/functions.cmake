# Functions are static executables, one per file: services/game/function/NAME.c
# becomes functions/NAME, tests/functions/NAME.c tests/functions/NAME.
#
# What they link is compiled for them alone: each datum in a section of its own,
# so that an executable carries only what it uses, and without sanitizers, which
# can't be linked statically nor live behind walls.
find_library(PROTOBUF_C_STATIC libprotobuf-c.a REQUIRED)

set(runtime_sources ${generated_c})
foreach(folder IN ITEMS base item wire function)
  file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/${folder}/*.c)
  list(APPEND runtime_sources ${found})
endforeach()
list(FILTER runtime_sources EXCLUDE REGEX "/google/")
file(GLOB games CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/game/rules/*.c
  ${CMAKE_SOURCE_DIR}/services/game/match/*.c)
list(APPEND runtime_sources ${games})

add_library(function_runtime STATIC ${runtime_sources})
target_link_libraries(function_runtime PRIVATE house PUBLIC ${PROTOBUF_C_STATIC})
target_include_directories(function_runtime SYSTEM PUBLIC ${gen})
target_compile_options(function_runtime PUBLIC -fno-sanitize=all -fno-pie
  -ffunction-sections -fdata-sections)
target_link_options(function_runtime PUBLIC -fno-sanitize=all -static -no-pie
  -Wl,--gc-sections)

# Sets `targets` to the executables of a folder.
function(function_executables folder output install targets)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${output}-${name} ${source})
    set_target_properties(${output}-${name} PROPERTIES OUTPUT_NAME ${name}
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${output})
    target_link_libraries(${output}-${name} PRIVATE house function_runtime)
    if(install)
      install(TARGETS ${output}-${name}
        DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/parlor/functions)
    endif()
    list(APPEND made ${output}-${name})
  endforeach()
  set(${targets} ${made} PARENT_SCOPE)
endfunction()

function_executables(services/game/function functions TRUE functions)
function_executables(tests/functions test-functions FALSE test_functions)
