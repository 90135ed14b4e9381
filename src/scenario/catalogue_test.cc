#include "scenario/catalogue.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace delstep {
namespace {

namespace fs = std::filesystem;

class Catalogue : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / "catalogue_test";
    fs::remove_all(folder_);
    for (const char* name : {"first", "second"}) fs::create_directories(folder_ / name);
    LookForScenariosIn({folder_ / "first", folder_ / "missing", folder_ / "second"});
  }
  void TearDown() override {
    LookForScenariosIn({});
    fs::remove_all(folder_);
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

TEST_F(Catalogue, ListsByNameWithTheFirstCommentOfTheFileAndOnlyTheFirstOfTwoNamesakes) {
  Write("second/ring.toml", "#  A ring. \nseed = 1\n");
  Write("second/ring.del", "train\n");
  Write("first/star.toml", "seed = 1  # not the first\n");
  Write("first/both.toml", "# The one that is found.\n");
  Write("second/both.toml", "# The other.\n");
  Write("second/notes.txt", "# No scenario.\n");

  const auto all = ListScenarios();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name, "both");
  EXPECT_EQ(all[0].about, "The one that is found.");
  EXPECT_EQ(all[0].file, folder_ / "first/both.toml");
  EXPECT_FALSE(all[0].script);
  EXPECT_EQ(all[1].name, "ring");
  EXPECT_EQ(all[1].about, "A ring.");
  EXPECT_EQ(all[1].script, folder_ / "second/ring.del");
  EXPECT_EQ(all[2].name, "star");
  EXPECT_EQ(all[2].about, "");
}

TEST_F(Catalogue, ShowsOneByNameOrByFileAndNamesWhatThereIsOtherwise) {
  Write("second/ring.toml", "# A ring.\n");
  ASSERT_TRUE(ShowScenario("ring"));
  EXPECT_EQ(ShowScenario("ring")->about, "A ring.");
  EXPECT_EQ(ShowScenario((folder_ / "second/ring.toml").string())->name, "ring");
  const auto slip = ShowScenario("rign");
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().code, ErrorCode::kUsage);
  EXPECT_NE(slip.error().message.find("ring"), std::string::npos);
}

TEST_F(Catalogue, FindsScriptsByBareNameInTheFoldersAndLeavesOtherPathsAlone) {
  Write("second/ring.del", "train\n");
  EXPECT_EQ(FindScript("ring.del"), (folder_ / "second/ring.del").string());
  EXPECT_EQ(FindScript("other.del"), "other.del");
  EXPECT_EQ(FindScript("./ring.del"), "./ring.del");
  EXPECT_EQ(FindScript("ring.txt"), "ring.txt");
  const std::string there = (folder_ / "second/ring.del").string();
  EXPECT_EQ(FindScript(there), there);
}

}  // namespace
}  // namespace delstep
