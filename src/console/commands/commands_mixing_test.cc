#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using testing::Not;

// A ring of one node more than the table of who was reached from whom is made for. Each floods: two
// messages a node, and as many pairs as nodes.
TEST_F(SessionTest, StatsMixingOfVeryManyNodesTellsAllButWhoWasReachedFromWhom) {
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4097",
                                              "data.samples=8194", "topology.name=ring",
                                              "model.name=logreg"};
  config_ = *Config::Load(registry_, {}, {}, overrides);
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  Open({.verbose = false});
  ASSERT_TRUE(session_->RunText("flood; nstep; stats mixing", "-c"));
  EXPECT_THAT(out_, HasSubstr("8194 messages delivered between 4097 pairs of 4097 nodes"));
  EXPECT_THAT(out_, HasSubstr("found out for up to 4096 nodes"));
  const MixingView mixing = simulation_->Mixing();
  EXPECT_FALSE(mixing.reach_known);
  ASSERT_EQ(mixing.nodes.size(), 4097u);
  EXPECT_EQ(mixing.nodes[5].received, 2u);
  // One node less, and all is known: each is reached from its two neighbours, which flooded once.
  ASSERT_TRUE(session_->RunText("node remove 10.0.0.2", "-c"));
  const MixingView fewer = simulation_->Mixing();
  EXPECT_TRUE(fewer.reach_known);
  EXPECT_EQ(fewer.nodes[5].reached_from.size(), 2u);
}

}  // namespace
}  // namespace delstep
