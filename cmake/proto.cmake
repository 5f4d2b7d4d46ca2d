# The protos, three ways: C structures (protoc-c), the descriptor set that every
# daemon carries, and, for C, a copy of the kv protos in which items are bytes.

find_program(PROTOC protoc REQUIRED)
find_program(PROTOC_C protoc-c REQUIRED)

set(gen ${CMAKE_BINARY_DIR}/gen)
file(GLOB_RECURSE protos CONFIGURE_DEPENDS
  RELATIVE ${CMAKE_SOURCE_DIR}/proto ${CMAKE_SOURCE_DIR}/proto/*.proto)
set(parlor_descriptors ${gen}/parlor.pb)
list(TRANSFORM protos PREPEND ${CMAKE_SOURCE_DIR}/proto/ OUTPUT_VARIABLE inputs)

add_custom_command(OUTPUT ${parlor_descriptors}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${gen}
  COMMAND ${PROTOC} -I${CMAKE_SOURCE_DIR}/proto --include_imports
    --descriptor_set_out=${parlor_descriptors} ${protos}
  DEPENDS ${inputs} VERBATIM)

# Compiles the C copies of `name`.proto; sets generated_c.
set(generated_c)
foreach(proto IN LISTS protos)
  string(REGEX REPLACE "\\.proto$" "" stem ${proto})
  set(copy ${gen}/proto/${proto})
  get_filename_component(folder ${copy} DIRECTORY)
  # Fields of these types become bytes: the same on the wire.
  set(edit "s/^//")
  if(proto MATCHES "^parlor/kv/v1/(kv|streams)\\.proto$")
    set(edit
      "s/\\(optional\\|repeated\\) \\(Item\\|AttributeValue\\) /\\1 bytes /")
  endif()
  add_custom_command(OUTPUT ${copy}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND sed "${edit}" ${CMAKE_SOURCE_DIR}/proto/${proto} > ${copy}
    DEPENDS ${CMAKE_SOURCE_DIR}/proto/${proto} VERBATIM)
  list(APPEND copies ${copy})
  list(APPEND stems ${stem})
endforeach()
foreach(stem IN LISTS stems)
  add_custom_command(
    OUTPUT ${gen}/${stem}.pb-c.c ${gen}/${stem}.pb-c.h
    COMMAND ${PROTOC_C} -I${gen}/proto --c_out=${gen} ${gen}/proto/${stem}.proto
    DEPENDS ${copies} VERBATIM)
  list(APPEND generated_c ${gen}/${stem}.pb-c.c)
endforeach()
# descriptor.proto itself, to read the set at run time.
add_custom_command(
  OUTPUT ${gen}/google/protobuf/descriptor.pb-c.c
    ${gen}/google/protobuf/descriptor.pb-c.h
  COMMAND ${CMAKE_COMMAND} -E make_directory ${gen}
  COMMAND ${PROTOC_C} -I/usr/include --c_out=${gen}
    /usr/include/google/protobuf/descriptor.proto VERBATIM)
list(APPEND generated_c ${gen}/google/protobuf/descriptor.pb-c.c)

embed_bytes(parlor_descriptor_set ${parlor_descriptors})

add_library(parlor_proto STATIC ${generated_c} ${embed_parlor_descriptor_set})
target_include_directories(parlor_proto SYSTEM PUBLIC ${gen})
target_link_libraries(parlor_proto PUBLIC PkgConfig::libprotobuf-c)
