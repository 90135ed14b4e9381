// The built-in network beside a naive one: whatever is done to both, the same messages end in the
// same order, at the same times, for the same reasons.
#include "network/builtin/builtin_network.h"
#include "tests/conformance/network_player.h"
#include "tests/fakes/naive_network.h"

namespace delstep {
namespace {

/// `sharing` with up- and downlinks without a limit gives private links, to the bit.
constexpr const char* kSharings[] = {"link", "uplink", "fair"};

/// Links of 1 Mbit/s and 5 ms: a message of 1000 bytes takes 8 ms, so that they queue.
NetworkOptions SlowLinks(const std::string& sharing = "link") {
  NetworkOptions options;
  options.sharing = sharing;
  options.link = {.latency = {Latency::Kind::kConstant, 5000 * kMicrosecond, {}}, .bandwidth = 1e6};
  return options;
}

class BuiltinNetworkOracle : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Sharing, BuiltinNetworkOracle, testing::ValuesIn(kSharings),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(BuiltinNetworkOracle, AnyOperationsEndAsInTheNaiveNetwork) {
  const NetworkOptions options = SlowLinks(GetParam());
  EXPECT_TRUE(rc::check([&](const Operations& operations, std::uint64_t seed) {
    PlayRecord without_capacities;
    without_capacities.sets_capacities = false;
    NetworkPlayer builtin({*MakeBuiltinNetwork(options, seed), 4}, without_capacities);
    NetworkPlayer naive({*fakes::MakeNaiveNetwork(options, seed), 4});
    for (const Operation& operation : operations) {
      builtin.Play(operation);
      naive.Play(operation);
      RC_ASSERT(builtin.lines() == naive.lines());
      RC_ASSERT(builtin.now() == naive.now());
      RC_ASSERT(builtin.in_flight() == naive.in_flight());
      RC_ASSERT(builtin.arrivals() == naive.arrivals());
    }
    RC_ASSERT(builtin.Finish() == naive.Finish());
    RC_ASSERT(builtin.now() == naive.now());
  }));
}

TEST_P(BuiltinNetworkOracle, SavedAfterAnyOperationsItGoesOnAlike) {
  NetworkOptions options = SlowLinks(GetParam());
  options.up = 2e6;
  options.down = 3e6;
  EXPECT_TRUE(rc::check([&](const Operations& before, const Operations& after, std::uint64_t seed) {
    NetworkPlayer builtin({*MakeBuiltinNetwork(options, seed), 4});
    builtin.Play(before);
    NetworkPlayer loaded = builtin.GoOnIn({*MakeBuiltinNetwork(options, seed), 0});
    RC_ASSERT(loaded.Save() == builtin.Save());
    builtin.Play(after);
    loaded.Play(after);
    RC_ASSERT(loaded.lines() == builtin.lines());
    RC_ASSERT(loaded.Save() == builtin.Save());
  }));
}

}  // namespace
}  // namespace delstep
