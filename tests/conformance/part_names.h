#pragma once
/// Suites over a registry: they run for every part that is there, so a new one is held to them
/// without being listed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "delstep/registry.h"

namespace delstep {

/// The names of the parts that are not absent.
template <class Make>
std::vector<std::string> NamesOfPresent(const Parts<Make>& parts) {
  std::vector<std::string> names;
  for (const auto& part : parts.entries())
    if (part.make) names.push_back(part.name);
  return names;
}

/// The name generator: the part's name in letters that a test's name may have.
inline std::string NameOfPart(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

}  // namespace delstep
