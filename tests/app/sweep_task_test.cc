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
  SweepTaskTest() { fs::create_directories(folder_); }
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
    const auto task = reader.Read(run, *config, registry_);
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
  const fs::path folder_ = fs::path(testing::TempDir()) / "task";
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
  const std::string absent = (folder_ / "code/absent.h").string();
  EXPECT_THAT(FilesOf(task), testing::UnorderedElementsAre(graph, code, header, absent));
  for (const std::string& file : {graph, code, header}) {
    const SweepTask before = Read({{kText, "train"}}, keys);
    std::ofstream(file, std::ios::app) << "// more\n";
    EXPECT_NE(HashOfTask(Read({{kText, "train"}}, keys)), HashOfTask(before)) << file;
  }
}

TEST_F(SweepTaskTest, LooksAtNoDataAndIntoNoFolder) {
  // The sweep's own folder may lie among the data: what the first run writes would be another task.
  Write("data/cats/1.png", "1");
  Write("model/saved_model.pb", "1");
  const std::string csv = Write("d.csv", "1,0\n"), folder = folder_.string();
  const std::vector<std::vector<std::string>> of_folders = {
      {"data.name=images", "data.path=" + folder + "/data"},
      {"data.name=csv", "data.path=" + csv},
      {"model.name=tensorflow", "model.file=" + folder + "/model"}};
  const auto hash = [&](const auto& keys) { return HashOfTask(Read({{kText, "train"}}, keys)); };
  std::vector<std::string> before;
  for (const auto& keys : of_folders) before.push_back(hash(keys));
  Write("data/runs/seed=1/metrics.csv", "2");
  Write("model/saved_model.pb", "2");
  Write("d.csv", "2,0\n");
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(hash(of_folders[i]), before[i]) << i;
}

TEST_F(SweepTaskTest, HasNoFileThatNothingReads) {
  const std::string graph = Write("graph.csv", "0,1\n"), file = "topology.file=" + graph;
  EXPECT_THAT(FilesOf(Read({{kText, "train"}}, {file, "topology.name=ring"})), IsEmpty());
  EXPECT_THAT(FilesOf(Read({{kText, "train"}}, {file, "topology.name=file"})), ElementsAre(graph));
  // `set churn.name trace` may come in a script.
  EXPECT_THAT(FilesOf(Read({{kText, "train"}}, {"churn.file=" + graph})), ElementsAre(graph));
}

TEST_F(SweepTaskTest, HasTheHeadersOfALearningModuleOfAnyName) {
  const std::string header = Write("net.h", "#pragma once\n"),
                    code = Write("net.cc", "#include \"net.h\"\n");
  const auto files = [&](const std::string& key) {
    return FilesOf(Read({{kText, "train"}}, {"model.file=" + code, key}));
  };
  EXPECT_THAT(files("model.name=module"), ElementsAre(code, header));
  EXPECT_THAT(files("data.name=module"), ElementsAre(code, header));
  EXPECT_THAT(files("model.name=torchscript"), ElementsAre(code));
}

TEST_F(SweepTaskTest, HasScriptsInTheHomeFolder) {
  const std::string warm_up = Write("warm-up.del", "train\n");
  const char* home = getenv("HOME");
  const std::string before = home ? home : "";
  setenv("HOME", folder_.c_str(), 1);
  const SweepTask task = Read({{kText, "repeat 2 { load ~/warm-up.del }"}});
  setenv("HOME", before.c_str(), 1);
  EXPECT_THAT(FilesOf(task), ElementsAre(warm_up));
  EXPECT_THAT(task.back().hash, testing::Not(IsEmpty()));
}

TEST_F(SweepTaskTest, SaysWhichProcessHasAFileAndWhichNone) {
  const auto difference = [](const std::string& planned, const std::string& here) {
    const auto same = CompareTasks({{.what = "", .hash = "1"}, {.what = "a.h", .hash = planned}},
                                   {{.what = "", .hash = "1"}, {.what = "a.h", .hash = here}});
    return same ? "" : same.error().message;
  };
  using testing::EndsWith;
  EXPECT_THAT(difference("2", "2"), IsEmpty());
  EXPECT_THAT(difference("2", "3"), EndsWith(" is another one than the first process has"));
  EXPECT_THAT(difference("2", ""), EndsWith(" is missing, and the first process has it"));
  EXPECT_THAT(difference("", "3"), EndsWith(" is there, and the first process has none"));
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
