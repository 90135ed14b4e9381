#pragma once
/// Files of tests: ctest runs tests of one program at the same time, so each needs its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace delstep {

/// The path of a file that no other test uses, with this ending ("walk.csv"). Call it from a test.
inline std::string OwnFile(std::string_view ending) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(test.test_suite_name()) + "." + test.name() + ".";
  // Parameters of tests stand behind a slash.
  std::ranges::replace(name, '/', '.');
  return testing::TempDir() + name + std::string(ending);
}

}  // namespace delstep
