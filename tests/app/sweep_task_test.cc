#include "apps/delstep/sweep_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "scenario/config.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class SweepTaskTest : public testing::Test {
 protected:
  SweepTaskTest() {
    std::string name = testing::TempDir() + "task-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~SweepTaskTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  /// As a new sweep reads it.
  SweepTask Read(const std::vector<CommandSource>& sources,
                 const std::vector<std::string>& overrides = {}) const {
    Arguments run;
    run.sources = sources;
    const auto config = Config::Load(registry_, std::nullopt, {}, overrides);
    EXPECT_TRUE(config) << config.error().message;
    TaskReader reader;
    const auto task = reader.Read(run, *config);
    EXPECT_TRUE(task) << task.error().message;
    return *task;
  }
  static std::vector<std::string> FilesOf(const SweepTask& task) {
    std::vector<std::string> files;
    for (const TaskPart& part : task)
      if (!part.what.empty()) files.push_back(part.what);
    return files;
  }

  const Registry registry_ = MakeRegistry({});
  fs::path folder_;
};

constexpr auto kFile = CommandSource::Kind::kFile, kText = CommandSource::Kind::kText;

TEST_F(SweepTaskTest, HasScriptsThatAreLoadedWhereverThatStands) {
  const std::string deep = Write("sub/deep.del", "load ../main.del\n");  // a circle ends
  const std::string inner = Write("sub/inner.del", "at 5s { repeat 2 { load deep.del } }\n");
  const std::string main = Write("main.del", "train\nrepeat 3 load sub/inner.del\n");
  const SweepTask task = Read({{kFile, main}, {kText, "test"}});
  EXPECT_THAT(FilesOf(task), ElementsAre(main, inner, deep));
  Write("sub/deep.del", "load ../main.del\ntrain\n");
  EXPECT_NE(HashOfTask(Read({{kFile, main}, {kText, "test"}})), HashOfTask(task));
}

TEST_F(SweepTaskTest, HasTheFilesThatKeysNameAndTheHeadersOfCode) {
  const std::string header = Write("code/part.h", "#pragma once\n");
  const std::string code =
      Write("code/rule.cpp", "#include <vector>\n # include \"part.h\"\n#include \"absent.h\"\n");
  const std::string graph = Write("graph.csv", "0,1\n");
  const std::vector<std::string> keys = {"aggregation.name=" + code, "topology.name=file",
                                         "topology.file=" + graph};
  const SweepTask task = Read({{kText, "train"}}, keys);
  EXPECT_THAT(FilesOf(task), testing::UnorderedElementsAre(graph, code, header));
  for (const std::string& file : {graph, code, header}) {
    const SweepTask before = Read({{kText, "train"}}, keys);
    std::ofstream(file, std::ios::app) << "// more\n";
    EXPECT_NE(HashOfTask(Read({{kText, "train"}}, keys)), HashOfTask(before)) << file;
  }
}

TEST_F(SweepTaskTest, HasAFolderWithAllThatIsInIt) {
  Write("model/a/weights", "1");
  const std::vector<std::string> keys = {"model.file=" + (folder_ / "model").string()};
  const std::string before = HashOfTask(Read({{kText, "train"}}, keys));
  EXPECT_EQ(HashOfTask(Read({{kText, "train"}}, keys)), before);
  Write("model/a/weights", "2");
  EXPECT_NE(HashOfTask(Read({{kText, "train"}}, keys)), before);
}

TEST_F(SweepTaskTest, ToleratesFilesThatAreNotThere) {
  const SweepTask task =
      Read({{kText, "load nowhere.del"}}, {"churn.file=" + (folder_ / "none.csv").string()});
  ASSERT_EQ(task.size(), 4U);  // settings, commands, and the two
  EXPECT_EQ(task[2].what, "nowhere.del");
  EXPECT_THAT(task[2].hash, IsEmpty());
  EXPECT_THAT(task[3].hash, IsEmpty());
}

}  // namespace
}  // namespace delstep
