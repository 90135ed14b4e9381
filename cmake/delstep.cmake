# How the house is built: a part is a folder; its sources, tests and name follow from what lies in it.
include(GoogleTest)
enable_testing()

add_library(delstep_options INTERFACE)
target_compile_options(delstep_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # Bits must not depend on what the compiler fuses, and vectorising needs no more than the next two.
  -ffp-contract=off -fno-math-errno -fno-trapping-math)
target_include_directories(delstep_options INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(delstep_options INTERFACE Threads::Threads fmt::fmt)

# The public headers; each must compile alone (target all_verify_interface_header_sets).
function(delstep_add_contract)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/delstep/*.h)
  add_library(delstep_headers INTERFACE)
  target_sources(delstep_headers INTERFACE
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
  target_link_libraries(delstep_headers INTERFACE delstep_options)
  set_target_properties(delstep_headers PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# delstep_add_part(NAME [DEPENDS parts or libraries...])
#   Makes the library delstep_NAME of the *.cc in this folder, and with tests on the program NAME_test of its
#   *_test.cc.
function(delstep_add_part name)
  cmake_parse_arguments(arg "" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cc)
  list(REMOVE_ITEM sources ${tests} "")
  add_library(delstep_${name} STATIC ${sources})
  target_link_libraries(delstep_${name} PUBLIC delstep_headers ${arg_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY DELSTEP_PARTS delstep_${name})
  if(DELSTEP_TESTS AND tests)
    delstep_add_test(${name}_test SOURCES ${tests} DEPENDS delstep_${name} ${arg_TEST_DEPENDS})
  endif()
endfunction()

# delstep_add_test(NAME SOURCES files... DEPENDS libraries...)
function(delstep_add_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE
    DELSTEP_SOURCE_DIR="${PROJECT_SOURCE_DIR}" DELSTEP_DATA_DIR="${DELSTEP_DATA_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 600
    ENVIRONMENT "RC_PARAMS=seed=7")  # rapidcheck: the same cases in every run
endfunction()
