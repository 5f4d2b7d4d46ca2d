# Files built into a program.

enable_language(ASM)

# A file's bytes as the symbols NAME and NAME_end; the source to compile goes to
# the variable embed_NAME.
function(embed_bytes name file)
  get_filename_component(folder ${file} DIRECTORY)
  set(source ${folder}/${name}.S)
  file(WRITE ${source} ".section .rodata
.global ${name}, ${name}_end
.balign 16
${name}: .incbin \"${file}\"
${name}_end: .byte 0
.section .note.GNU-stack,\"\",%progbits
")
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  set(embed_${name} ${source} PARENT_SCOPE)
endfunction()

# The files below a folder as the table NAME of struct embedded, and a library of
# that name.
function(embed_folder name place)
  set(folder ${CMAKE_SOURCE_DIR}/${place})
  file(GLOB_RECURSE paths CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  set(rows)
  set(bytes)
  set(number 0)
  foreach(path IN LISTS paths)
    string(APPEND rows ".quad .Lpath${number}, .Ldata${number}, .Lend${number}\n")
    string(APPEND bytes ".Lpath${number}: .asciz \"${path}\"
.Ldata${number}: .incbin \"${folder}/${path}\"
.Lend${number}: .byte 0\n")
    math(EXPR number "${number} + 1")
    list(APPEND files ${folder}/${path})
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/gen/${name}.S)
  file(WRITE ${source} ".section .data.rel.ro,\"aw\",%progbits
.global ${name}
.balign 8
${name}:
${rows}.quad 0, 0, 0
.section .rodata
${bytes}.section .note.GNU-stack,\"\",%progbits
")
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}")
  add_library(${name} STATIC ${source})
endfunction()
