#include "console/commands/node_values.h"

#include "scenario/keys.h"
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using ::testing::HasSubstr;

class NodeValues : public SessionTest {
 protected:
  /// A session on a scenario file with this text.
  Result<void> Begin(const std::string& text) {
    const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4",
                                                "data.samples=200", "training.epochs=1"};
    DELSTEP_ASSIGN(config_, Config::Load(registry_, Write("exp.toml", text), {}, overrides));
    DELSTEP_ASSIGN(simulation_, Simulation::Create(config_.scenario(), registry_));
    auto session = Session::Create(*simulation_, config_, registry_, {},
                                   {[this](std::string_view out) { out_ += out; },
                                    [this](std::string_view err) { err_ += err; }});
    if (!session) return std::move(session).error();
    session_ = *std::move(session);
    return {};
  }
  auto OwnOptions(const char* node) const {
    return simulation_->View(*simulation_->Find(node)).own_options;
  }
};

TEST_F(NodeValues, ReachTheNodesThatTheirSelectorsChoose) {
  const auto begun = Begin(
      "[groups]\nslow = [\"10.0.0.[3-4]\"]\n[training.at.\"@slow 10.0.0.1\"]\nlr = 0.25\n"
      "[training.at.\"10.0.0.4\"]\nlr = 0.5\n");
  ASSERT_TRUE(begun) << begun.error().message;
  using Options = decltype(OwnOptions(""));
  EXPECT_EQ(OwnOptions("10.0.0.1"), (Options{{"training.lr", 0.25}}));
  EXPECT_EQ(OwnOptions("10.0.0.2"), Options());
  EXPECT_EQ(OwnOptions("10.0.0.4"), (Options{{"training.lr", 0.5}}));
  session_->FeedLine("config show node 10.0.0.4");
  EXPECT_THAT(out_, HasSubstr("0.5         exp.toml:6"));
  session_->FeedLine("set training.lr 0.125 10.0.0.4; config show node 10.0.0.4");
  EXPECT_THAT(out_, HasSubstr("0.125       set at the node"));
  session_->FeedLine("config show training.at");
  EXPECT_THAT(out_, HasSubstr("training.at.@slow 10.0.0.1.lr"));
}

TEST_F(NodeValues, OfUnknownNodesAreErrorsAtTheirLine) {
  const auto begun = Begin("[training.at.\"10.0.0.9\"]\nlr = 0.25\n");
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, ErrorCode::kFile);
  EXPECT_THAT(begun.error().where, HasSubstr("exp.toml:2:1"));
  EXPECT_THAT(begun.error().message, HasSubstr("10.0.0.9"));
  EXPECT_THAT(begun.error().hint, HasSubstr("nodes.count"));
  EXPECT_EQ(Begin("[training.at.\"@nobody\"]\nlr = 0.25\n").error().hint,
            "make it in [groups]: nobody = [\"10.0.0.1\"]");
}

TEST_F(NodeValues, OfAGroupThatIsMadeLaterSayThatTheOrderMatters) {
  const auto begun = Begin("[groups]\neast = [\"@west\"]\nwest = [\"all\"]\n");
  ASSERT_FALSE(begun);
  EXPECT_THAT(begun.error().where, HasSubstr("exp.toml:2:1"));
  EXPECT_THAT(begun.error().message, HasSubstr("groups.east: no group named 'west'"));
  EXPECT_THAT(begun.error().hint, HasSubstr("write west above"));
}

TEST_F(NodeValues, ExistForTheKeysThatSetTakesForANode) {
  std::vector<std::string> keys;
  for (const Key& key : Keys())
    if (key.per_node()) keys.emplace_back(key.name);
  // A behaviour is given to nodes in a run: `set behaviour.name X NODE`.
  keys.emplace_back("behaviour.name");
  EXPECT_THAT(keys, testing::UnorderedElementsAreArray(Simulation::NodeKeys()));
}

}  // namespace
}  // namespace delstep
