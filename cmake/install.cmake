# What `cmake --install build/release --prefix PREFIX` puts where. The program finds its parts from its
# own place (src/base/beside_program.h), so PREFIX can be chosen, and moved, afterwards.
#
# Components, which become packages (package.cmake): program, torch, tensorflow, mpi, ns3, dev.
set(DELSTEP_ZSH_FOLDER share/zsh/site-functions CACHE STRING "where zsh looks for completions, below the prefix")
set(doc share/doc/delstep)

# delstep_install_program(): the program, and what it looks for at run time.
function(delstep_install_program)
  install(TARGETS delstep RUNTIME DESTINATION bin COMPONENT program)
  install(PROGRAMS tools/fetch_data.sh DESTINATION lib/delstep COMPONENT program)
  file(GLOB mininet src/network/mininet/helper/*.py)
  install(FILES ${mininet} DESTINATION lib/delstep/mininet COMPONENT program)
  install(DIRECTORY scenarios DESTINATION share/delstep COMPONENT program)
  # Rules, behaviours and learning modules of a user's are compiled with these.
  install(DIRECTORY include/delstep DESTINATION include COMPONENT program)
endfunction()

# delstep_install_optional(): what may be missing, and what has large libraries or another licence.
function(delstep_install_optional)
  foreach(learner torch tensorflow)
    if(TARGET delstep_${learner})
      # A library that is not the system's is found where it was when this was built.
      set_target_properties(delstep_${learner} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
      install(TARGETS delstep_${learner} LIBRARY DESTINATION lib/delstep COMPONENT ${learner})
    endif()
  endforeach()
  if(TARGET delstep_mpi)
    install(TARGETS delstep_mpi LIBRARY DESTINATION lib/delstep COMPONENT mpi)
  endif()
  if(TARGET delstep-ns3)
    install(TARGETS delstep-ns3 RUNTIME DESTINATION lib/delstep COMPONENT ns3)
    # Under the GPL, so with its source.
    install(DIRECTORY src/network/ns3/helper/ DESTINATION share/doc/delstep-ns3/source COMPONENT ns3)
    install(FILES src/network/ns3/helper/COPYING DESTINATION share/doc/delstep-ns3 RENAME copyright
      COMPONENT ns3)
  endif()
endfunction()

# delstep_generate(FILE WORDS...): PROJECT_BINARY_DIR/generated/FILE is what `delstep docs WORDS` prints,
# packed if its name says so. Appends to `generated_files`.
function(delstep_generate file)
  set(out ${PROJECT_BINARY_DIR}/generated/${file})
  set(pack "")
  if(file MATCHES "\\.gz$")
    set(pack "| gzip -9n")
  endif()
  list(JOIN ARGN " " page)
  # The scenarios that completion knows are those of the sources, found from the working directory.
  add_custom_command(OUTPUT ${out} DEPENDS delstep
    COMMAND sh -c "env -u DELSTEP_SCENARIOS \"$1\" docs ${page} ${pack} > \"$2\"" -- $<TARGET_FILE:delstep> ${out}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
  set(generated_files ${generated_files} ${out} PARENT_SCOPE)
endfunction()

# delstep_install_pages(): the manual page and the completions, made by the program, and the documents.
function(delstep_install_pages)
  set(generated_files "")
  delstep_generate(delstep.1.gz man)
  delstep_generate(delstep.bash completion bash)
  delstep_generate(delstep.fish completion fish)
  delstep_generate(_delstep completion zsh)
  add_custom_target(delstep_pages ALL DEPENDS ${generated_files})
  set(made ${PROJECT_BINARY_DIR}/generated)
  install(FILES ${made}/delstep.1.gz DESTINATION share/man/man1 COMPONENT program)
  install(FILES ${made}/delstep.bash DESTINATION share/bash-completion/completions RENAME delstep
    COMPONENT program)
  install(FILES ${made}/delstep.fish DESTINATION share/fish/vendor_completions.d COMPONENT program)
  install(FILES ${made}/_delstep DESTINATION ${DELSTEP_ZSH_FOLDER} COMPONENT program)
  install(FILES README.md CHANGELOG.md THIRD-PARTY.md DESTINATION ${doc} COMPONENT program)
  install(FILES LICENSE DESTINATION ${doc} RENAME copyright COMPONENT program)
  install(DIRECTORY docs examples DESTINATION ${doc} COMPONENT program PATTERN CMakeLists.txt EXCLUDE
    PATTERN embed EXCLUDE)
endfunction()

# delstep_objects_of(PART): the objects of a part and of all parts that it needs, in `objects`.
function(delstep_objects_of part)
  get_property(seen GLOBAL PROPERTY DELSTEP_LIBRARY_PARTS)
  if(part IN_LIST seen OR NOT TARGET ${part} OR NOT part MATCHES "^delstep_")
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY DELSTEP_LIBRARY_PARTS ${part})
  get_target_property(type ${part} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    set_property(GLOBAL APPEND PROPERTY DELSTEP_LIBRARY_OBJECTS $<TARGET_OBJECTS:${part}>)
  endif()
  get_target_property(needed ${part} INTERFACE_LINK_LIBRARIES)
  foreach(other ${needed})
    delstep_objects_of(${other})
  endforeach()
endfunction()

# delstep_install_library(): for programs of one's own, libdelstep.a with the core and the built-in parts,
# and the package that find_package(delstep) finds. Not where a sanitizer makes it very large.
function(delstep_install_library)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  delstep_objects_of(delstep_core)
  delstep_objects_of(delstep_parts)
  get_property(objects GLOBAL PROPERTY DELSTEP_LIBRARY_OBJECTS)
  add_library(delstep_library STATIC ${objects})
  set_target_properties(delstep_library PROPERTIES OUTPUT_NAME delstep LINKER_LANGUAGE CXX
    ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/library)
  install(TARGETS delstep_library ARCHIVE DESTINATION lib COMPONENT dev)
  include(CMakePackageConfigHelpers)
  set(package lib/cmake/delstep)
  configure_package_config_file(cmake/delstep-config.cmake.in ${PROJECT_BINARY_DIR}/delstep-config.cmake
    INSTALL_DESTINATION ${package})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/delstep-config-version.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/delstep-config.cmake ${PROJECT_BINARY_DIR}/delstep-config-version.cmake
    apps/delstep/exported_to_own_code.list DESTINATION ${package} COMPONENT dev)
  install(DIRECTORY examples/embed DESTINATION share/doc/delstep-dev/examples COMPONENT dev)
  foreach(name dev torch)
    install(FILES LICENSE DESTINATION share/doc/delstep-${name} RENAME copyright COMPONENT ${name})
  endforeach()
endfunction()

delstep_install_program()
delstep_install_optional()
delstep_install_pages()
delstep_install_library()
