#pragma once
/// What networks can do, in words for people: `network show` has one network's, and the reference
/// page docs/reference/networks.md has all of them beside each other.
#include <span>
#include <string_view>

#include "delstep/network.h"

namespace delstep {

struct NetworkAbility {
  std::string_view word;     ///< "goes_back"
  std::string_view meaning;  ///< half a sentence
  bool (*has)(const NetworkTraits&);
};

/// In the order in which they are listed.
std::span<const NetworkAbility> NetworkAbilities();

}  // namespace delstep
