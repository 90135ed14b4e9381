#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::HasSubstr;
using testing::Not;

// One node more than the table of who was reached from whom is made for, with 8 neighbours each: a
// flood is 8 messages a node, over 4 pairs a node. (A ring would mix so slowly that its spectral gap
// takes minutes.)
TEST_F(SessionTest, StatsMixingOfVeryManyNodesTellsAllButWhoWasReachedFromWhom) {
  const std::vector<std::string> overrides = {"data.name=blobs",   "nodes.count=4097",
                                              "data.samples=8194", "topology.name=regular",
                                              "topology.degree=8", "model.name=logreg"};
  config_ = *Config::Load(registry_, {}, {}, overrides);
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  Open({.verbose = false});
  ASSERT_TRUE(session_->RunText("flood; nstep; stats mixing", "-c"));
  EXPECT_THAT(out_, HasSubstr("32776 messages delivered between 16388 pairs of 4097 nodes"));
  EXPECT_THAT(out_, HasSubstr("found out for up to 4096 nodes"));
  const MixingView mixing = simulation_->Mixing();
  EXPECT_FALSE(mixing.reach_known);
  ASSERT_EQ(mixing.nodes.size(), 4097u);
  EXPECT_EQ(mixing.nodes[5].received, 8u);
  // One node less, and all is known: each is reached from its neighbours, which flooded once.
  ASSERT_TRUE(session_->RunText("node remove 10.0.0.2", "-c"));
  const MixingView fewer = simulation_->Mixing();
  EXPECT_TRUE(fewer.reach_known);
  EXPECT_EQ(fewer.nodes[5].reached_from, simulation_->View(fewer.nodes[5].node).neighbours);
}

}  // namespace
}  // namespace delstep
