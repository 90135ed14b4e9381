#pragma once
/// The network that fake_helper carries. Tests that use it are compiled with DELSTEP_FAKE_HELPER,
/// the path of that program.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network/remote/remote_network.h"

namespace delstep::fakes {

/// `arguments` as fake_helper.cc describes them.
inline remote::Backend FakeBackend(std::vector<std::string> arguments = {}) {
  std::vector<std::string> words{DELSTEP_FAKE_HELPER};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return {.program = {.called = "fake", .words = std::move(words)},
          .traits = {.can_snapshot = true, .can_save = true, .can_withdraw = true, .name = "fake"}};
}

inline Result<std::unique_ptr<Network>> MakeFakeNetwork(const LinkProperties& link,
                                                        std::uint64_t seed) {
  remote::Backend backend = FakeBackend();
  backend.link = link;
  backend.seed = seed;
  return remote::MakeRemoteNetwork(std::move(backend));
}

}  // namespace delstep::fakes
