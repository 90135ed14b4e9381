#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Export : public SessionTest {
 protected:
  std::string At(const std::string& name) const { return (folder_ / name).string(); }
};

TEST_F(Export, WritesWhatTheReaderOfInitialWeightsTakes) {
  ASSERT_TRUE(session_->FeedLine("train 10.0.0.2; export 10.0.0.2 " + At("m.npz")));
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=2",
                                              "data.samples=200", "model.weights=" + At("m.npz")};
  const Config config = *Config::Load(registry_, {}, {}, overrides);
  const auto second = *Simulation::Create(config.scenario(), registry_);
  const auto node = *simulation_->Find("10.0.0.2");
  for (const NodeId same : second->Nodes())
    EXPECT_EQ(second->ModelHash(same), simulation_->ModelHash(node));
  EXPECT_NE(simulation_->ModelHash(*simulation_->Find("10.0.0.1")), simulation_->ModelHash(node));
  // A node that joins later begins with the file's model too.
  NewNode wanted;
  wanted.like = second->Nodes()[0];
  const auto joined = second->AddNode(wanted);
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ(second->ModelHash(*joined), simulation_->ModelHash(node));
}

TEST_F(Export, ReplacesEverySlotByTheAddress) {
  std::filesystem::create_directories(folder_ / "10.0.0.1");
  ASSERT_TRUE(session_->FeedLine("export 10.0.0.1 " + At("{}/{}.pt")));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "10.0.0.1/10.0.0.1.pt"));
}

TEST_F(Export, IsCheckedBeforeItRuns) {
  EXPECT_THAT(Check("export 10.0.0.1 m.pt\nexport all m-{}.npz\n"), ElementsAre());
  EXPECT_THAT(Check("export all m.pt\n"), ElementsAre(2));
  EXPECT_THAT(Check("export 10.0.0.[1-2] m\n"), ElementsAre(2));
  EXPECT_THAT(Check("export 10.0.0.1 m.h5\n"), ElementsAre(2));
  EXPECT_THAT(Check("export 10.0.0.77 m.pt\n"), ElementsAre(1));
}

TEST_F(Export, SpeaksJson) {
  Open({.json = true});
  ASSERT_TRUE(session_->FeedLine("export 10.0.0.1 " + At("m.pt")));
  EXPECT_THAT(out_, HasSubstr(R"("models":1,"files":[{"node":"10.0.0.1","name":"","file":")" +
                              At("m.pt") + R"(","tensors":4,"bytes":)"));
}

TEST_F(Export, CompletesFiles) {
  Write("model.pt", "");
  EXPECT_THAT(session_->Complete("export 10.0.0.1 " + At("mo")).words, Contains(At("model.pt")));
}

}  // namespace
}  // namespace delstep
