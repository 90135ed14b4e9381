# How the house is built: a part is a folder; its sources, tests and name follow from what lies in it.
include(GoogleTest)
enable_testing()

add_library(delstep_options INTERFACE)
target_compile_options(delstep_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # Bits must not depend on what the compiler fuses, and vectorising needs no more than the next two.
  -ffp-contract=off -fno-math-errno -fno-trapping-math)
# Clang, which compiles for the sanitizers, also warns about names in files that are compiled as one, and
# about what the C++ library itself uses of its deprecated parts.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(delstep_options INTERFACE -Wno-shadow -Wno-deprecated-declarations)
endif()
target_include_directories(delstep_options INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(delstep_options INTERFACE Threads::Threads fmt::fmt)

# Where the program looks for its parts if it is not an installation that was moved: where they are
# built, or, of a package, where the package puts them. Then nothing tells where it was built.
option(DELSTEP_PACKAGE "build for a package: name the places of the installation alone" OFF)
if(DELSTEP_PACKAGE)
  target_compile_options(delstep_options INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
endif()
# delstep_path_of_part(VARIABLE BUILT INSTALLED): the last one is a path below the prefix.
function(delstep_path_of_part variable built installed)
  if(DELSTEP_PACKAGE)
    set(built ${CMAKE_INSTALL_PREFIX}/${installed})
  endif()
  set(${variable} ${built} PARENT_SCOPE)
endfunction()

# Two ways to compile less. UNITY is off where each file is compiled by itself (presets dev, tidy and
# coverage), PCH only where a file must also include all that it uses (tidy).
#   DELSTEP_PCH     what nearly every file includes (cmake/common.h) is parsed once for all parts
#   DELSTEP_UNITY   the files of a folder are compiled a few at a time, as one
option(DELSTEP_PCH "precompile the headers that nearly every file includes" ON)
option(DELSTEP_UNITY "compile several files of a folder as one" ON)
# Most of what sanitizers cost a compiler they cost it in tests, which gain nothing from being optimised.
set(DELSTEP_TEST_FLAGS "" CACHE STRING "how tests are compiled differently from what they test")
set(DELSTEP_UNITY_BATCH 12 CACHE STRING "how many files are compiled as one")

# delstep_add_precompiled(NAME HEADER): the target whose precompiled header others use.
function(delstep_add_precompiled name header)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}.cc CONTENT "// Carries the precompiled header.\n")
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/${name}.cc)
  target_precompile_headers(${name} PRIVATE ${header})
  # Where an old precompiled header lies in its place, ccache takes that for what is included, and may
  # give back another tree's.
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  target_link_libraries(${name} PRIVATE delstep_options)
endfunction()

# delstep_precompiled(TARGET CARRIER): the target uses the header that CARRIER precompiles.
function(delstep_precompiled target carrier)
  if(DELSTEP_PCH)
    # As the carrier is compiled; a program would have -fPIE.
    target_compile_options(${target} PRIVATE -fPIC)
    target_precompile_headers(${target} REUSE_FROM ${carrier})
  endif()
endfunction()

# delstep_unity(TARGET): not for tests, whose helpers of equal names should not have to know each other.
function(delstep_unity target)
  if(DELSTEP_UNITY)
    set_target_properties(${target} PROPERTIES
      UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${DELSTEP_UNITY_BATCH})
  endif()
endfunction()

function(delstep_test_flags target)
  separate_arguments(flags UNIX_COMMAND "${DELSTEP_TEST_FLAGS}")
  target_compile_options(${target} PRIVATE ${flags})
endfunction()

# delstep_optimise(TARGET): its arithmetic is worth more time of the compiler.
function(delstep_optimise target)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # A header that was precompiled for another level of optimisation crashes g++ 12.
    set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
    target_compile_options(${target} PRIVATE -O2)
  endif()
endfunction()

# The public headers; each must compile alone (target all_verify_interface_header_sets).
function(delstep_add_public_headers)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/delstep/*.h)
  add_library(delstep_headers INTERFACE)
  target_sources(delstep_headers INTERFACE
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_link_libraries(delstep_headers INTERFACE delstep_options)
  set_target_properties(delstep_headers PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

if(DELSTEP_PCH)
  delstep_add_precompiled(delstep_common_header ${PROJECT_SOURCE_DIR}/cmake/common.h)
endif()
if(DELSTEP_PCH AND DELSTEP_TESTS)
  find_package(GTest REQUIRED)
  delstep_add_precompiled(delstep_common_test_header ${PROJECT_SOURCE_DIR}/cmake/common_test.h)
  target_link_libraries(delstep_common_test_header PRIVATE GTest::gtest GTest::gmock)
  delstep_test_flags(delstep_common_test_header)
endif()

# delstep_add_part(NAME [FOLDER folder] [FOLDERS folders...] [DEPENDS parts or libraries...])
#   Makes the library delstep_NAME of the *.cc in this folder (or in FOLDER, and in FOLDERS below it).
#   With tests on, also the program NAME_test of its *_test.cc.
function(delstep_add_part name)
  cmake_parse_arguments(arg "" "FOLDER" "FOLDERS;DEPENDS;TEST_DEPENDS" ${ARGN})
  set(top ".")
  if(arg_FOLDER)
    set(top ${arg_FOLDER})
  endif()
  set(sources "")
  set(tests "")
  foreach(folder ${top} ${arg_FOLDERS})
    file(GLOB some CONFIGURE_DEPENDS ${folder}/*.cc)
    list(APPEND sources ${some})
    file(GLOB some CONFIGURE_DEPENDS ${folder}/*_test.cc)
    list(APPEND tests ${some})
  endforeach()
  list(REMOVE_ITEM sources ${tests} "")
  if(sources)
    add_library(delstep_${name} STATIC ${sources})
    target_link_libraries(delstep_${name} PUBLIC delstep_headers ${arg_DEPENDS})
    delstep_precompiled(delstep_${name} delstep_common_header)
    delstep_unity(delstep_${name})
  else()
    add_library(delstep_${name} INTERFACE)
    target_link_libraries(delstep_${name} INTERFACE delstep_headers ${arg_DEPENDS})
  endif()
  set_property(GLOBAL APPEND PROPERTY DELSTEP_PARTS delstep_${name})
  if(DELSTEP_TESTS AND tests)
    delstep_add_test(${name}_test SOURCES ${tests} DEPENDS delstep_${name} ${arg_TEST_DEPENDS})
  endif()
endfunction()

# What every test program has: a folder of its own for temporary files.
if(DELSTEP_TESTS)
  add_library(delstep_own_temp_folder OBJECT ${PROJECT_SOURCE_DIR}/tests/own_temp_folder.cc)
  target_link_libraries(delstep_own_temp_folder PRIVATE delstep_options)
endif()

# delstep_add_test(NAME SOURCES files... DEPENDS libraries...)
function(delstep_add_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  delstep_precompiled(${name} delstep_common_test_header)
  delstep_test_flags(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE
    DELSTEP_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DELSTEP_DATA_DIR="${DELSTEP_DATA_DIR}")
  target_link_libraries(${name} PRIVATE
    ${arg_DEPENDS} delstep_own_temp_folder GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 600
    ENVIRONMENT "RC_PARAMS=seed=7")  # rapidcheck: the same cases in every run
endfunction()
