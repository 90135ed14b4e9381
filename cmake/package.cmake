# Debian packages, by `cpack` in a build folder that was configured with DELSTEP_PACKAGE; `./dev package`
# does all of it.
#
#   delstep        the program, scenarios, documents, and headers for rules and behaviours of one's own
#   delstep-torch  the learner with LibTorch, a large library
#   delstep-mpi    runs on many processes and machines, with Open MPI
#   delstep-ns3    the helper for ns-3, under the GPL as ns-3 is
#   delstep-dev    libdelstep.a and the CMake package, for programs of one's own
#
# A TensorFlow of pip's is in no package's reach, so its plug-in is in none of them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME delstep)
set(CPACK_PACKAGE_VENDOR "DEL-Step")
set(CPACK_PACKAGE_CONTACT "the authors of DEL-Step <delstep@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/package)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# delstep_package(COMPONENT NAME DESCRIPTION [lines of control...]): a package of a component. The first
# line of the description is what lists of packages show.
macro(delstep_package component name description)
  cmake_parse_arguments(arg "" "DEPENDS;RECOMMENDS;SUGGESTS" "" ${ARGN})
  string(TOUPPER ${component} upper)
  list(APPEND CPACK_COMPONENTS_ALL ${component})
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${description}")
  foreach(line DEPENDS RECOMMENDS SUGGESTS)
    if(arg_${line})
      set(CPACK_DEBIAN_${upper}_PACKAGE_${line} "${arg_${line}}")
    endif()
  endforeach()
endmacro()

set(same "delstep (= ${PROJECT_VERSION})")
set(CPACK_COMPONENTS_ALL "")
delstep_package(program delstep
  "step-by-step simulator of decentralized learning
A console over a network of nodes that train, exchange and aggregate models,
one step at a time, over a simulated network that loses and delays."
  RECOMMENDS "dataset-fashion-mnist, delstep-torch, gnuplot-nox"
  SUGGESTS "delstep-dev, delstep-mpi, delstep-ns3, g++, mininet, npm")
if(TARGET delstep_torch)
  delstep_package(torch delstep-torch
    "learner of DEL-Step for convolutions, recurrent nets and own models
It uses LibTorch, which is large."
    DEPENDS "${same}" RECOMMENDS "libopenblas0-pthread" SUGGESTS "g++, libtorch-dev")
endif()
if(TARGET delstep_mpi)
  delstep_package(mpi delstep-mpi
    "runs of DEL-Step on many processes and machines
Started by mpirun, a run is spread over all processes, by Open MPI." DEPENDS "${same}" RECOMMENDS "openmpi-bin")
endif()
if(TARGET delstep-ns3)
  delstep_package(ns3 delstep-ns3
    "packet-level networks for DEL-Step, by ns-3
A helper program under the GPL, which the simulator talks to." DEPENDS "${same}")
endif()
if(TARGET delstep_library)
  delstep_package(dev delstep-dev
    "DEL-Step as a C++ library
libdelstep.a and a CMake package, find_package(delstep)."
    DEPENDS "${same}, libexpat1-dev, libfmt-dev, libpugixml-dev, libutf8proc-dev, libxxhash-dev, zlib1g-dev")
  set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
endif()
include(CPack)
