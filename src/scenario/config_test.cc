#include "scenario/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>

#include "base/files.h"
#include "delstep/registry.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

using Variables = std::vector<std::pair<std::string, std::string>>;
using Overrides = std::vector<std::string>;

/// A folder of its own for each test, gone after it.
class Configuration : public testing::Test {
 protected:
  Configuration()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("delstep_") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Configuration() override { fs::remove_all(folder_); }

  fs::path Write(std::string_view name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  Result<Config> LoadText(std::string_view text, const Variables& environment = {},
                          const Overrides& overrides = {}) const {
    return Config::Load(registry_, Write("exp.toml", text), environment, overrides);
  }

  const Registry registry_ = MakeRegistry({});
  fs::path folder_;
};

TEST_F(Configuration, LaterLayersWinAndEveryValueKnowsItsOrigin) {
  auto config =
      LoadText("[training]\nlr = 0.1\nepochs = 2\nmomentum = 0.5\nbatch_size = 16\n",
               {{"DELSTEP_TRAINING_EPOCHS", "3"}, {"DELSTEP_TRAINING_MOMENTUM", "0.6"}},
               {"training.momentum=0.7", "training.batch_size=32", "training.momentum=0.8"});
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->SetInRun("training.batch_size", "64"));
  const TrainingOptions& training = config->scenario().training;
  EXPECT_EQ(training.optimizer, "adam");
  EXPECT_EQ(training.lr, 0.1);
  EXPECT_EQ(training.epochs, 3u);
  EXPECT_EQ(training.momentum, 0.8);
  EXPECT_EQ(training.batch_size, 64u);
  EXPECT_EQ(config->OriginOf("training.optimizer").text, "default");
  EXPECT_EQ(config->OriginOf("training.lr").text, "exp.toml:2");
  EXPECT_EQ(config->OriginOf("training.epochs").text, "DELSTEP_TRAINING_EPOCHS");
  EXPECT_EQ(config->OriginOf("training.momentum").text, "command line");
  EXPECT_EQ(config->OriginOf("training.batch_size").text, "set");
}

TEST_F(Configuration, ShowListsEveryKeyWithValueAndOrigin) {
  const auto config = LoadText("seed = 8\n[groups]\nwest = [\"all\"]\n");
  ASSERT_TRUE(config);
  const auto rows = config->Show();
  ASSERT_EQ(rows.size(), Keys().size() + 1);
  EXPECT_EQ(rows.front().key, "seed");
  EXPECT_EQ(rows.front().value, "8");
  EXPECT_EQ(rows.front().origin, "exp.toml:1");
  EXPECT_EQ(rows.back().key, "groups.west");
  EXPECT_EQ(rows.back().value, "[\"all\"]");
}

TEST_F(Configuration, GroupsKeepTheOrderInWhichTheyAreWritten) {
  const auto config = LoadText("[groups]\nzeta = [\"10.0.0.1\"]\nalpha = \"@zeta\"\n", {},
                               {"groups.mid=[10.0.0.2]"});
  ASSERT_TRUE(config);
  const auto& groups = config->scenario().groups;
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].first, "zeta");
  EXPECT_EQ(groups[1].first, "alpha");
  EXPECT_EQ(groups[1].second, std::vector<std::string>({"@zeta"}));
  EXPECT_EQ(groups[2].first, "mid");
}

TEST_F(Configuration, VariablesThatNameNoKeyOrAreEmptyDoNotCount) {
  const auto config = LoadText("", {{"DELSTEP_DATA", "/srv/data"},
                                    {"DELSTEP_SCENARIOS", "x"},
                                    {"DELSTEP_NO_SUCH", "x"},
                                    {"TRAINING_LR", "9"},
                                    {"DELSTEP_SEED", ""}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->ToToml(), Config(registry_).ToToml());
}

TEST_F(Configuration, ErrorsInAFileNameFileLineColumnKeyValueAndWhatIsAllowed) {
  for (const auto& [text, place, parts] :
       std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
           {"seed = 1\n[training]\n  lr = \"fast\"\n",
            "3:3",
            {"training.lr", "'fast'", "a number from 0"}},
           {"[training]\nlrr = 1\n", "2:1", {"unknown key 'training.lrr'"}},
           {"[trainig]\n", "1:2", {"unknown key 'trainig'"}},
           {"training = 3\n", "1:1", {"training must be a section, not 3"}},
           {"[[training]]\nlr = 1\n", "1:3", {"training must be a section"}},
           {"[training]\n[training.lr]\n", "2:11", {"training.lr", "not a section"}},
           {"[nodes]\ncount = 2024-01-01\n", "2:1", {"nodes.count", "not a date or time"}},
           {"[nodes]\ncount = 12.0\n",
            "2:1",
            {"nodes.count", "whole number", "not 12.0", "without a point: 12"}},
           {"[network]\nloss = \"10%\"\n", "2:1", {"write it without per cent: 0.1"}},
           {"[network]\nlatency = \"20 ms\"\n",
            "2:1",
            {"network.latency must be", "'20 ms' is not a latency: write it without a blank"}},
           {"[network]\nlatency = \"uniform(50ms,10ms)\"\n",
            "2:1",
            {"its lower end is above its upper end"}},
           {"[network]\nbandwidth = \"10 Mbps\"\n",
            "2:1",
            {"'10 Mbps' is not a bandwidth: write it without a blank"}},
           {"[network]\nautonet = \"true\"\n", "2:1", {"write it without quotes: true"}},
           {"[nodes]\ncount = \"3\"\n", "2:1", {"write it without quotes: 3"}},
           {"[data]\nname = blobs\n", "2:8", {"wrong TOML", "texts stand in quotes"}},
           {"[network]\nautonet = True\n", "2:11", {"wrong TOML", "small letters"}},
           {"[topology]\nname = \"rign\"\n", "2:1", {"topology.name", "one of full, ring"}},
           {"[nodes]\ncount = 3\nnames = [\"a b\"]\n", "3:1", {"'a b'", "blanks"}},
           {"= 1\n", "1:1", {"wrong TOML"}}}) {
    SCOPED_TRACE(text);
    const auto config = LoadText(text);
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, ErrorCode::kFile);
    EXPECT_EQ(config.error().where, (folder_ / "exp.toml").string() + ':' + place);
    for (const std::string& part : parts)
      EXPECT_THAT(config.error().message + config.error().hint, HasSubstr(part));
  }
}

TEST_F(Configuration, AHintIsNeverRefusedItself) {
  EXPECT_EQ(LoadText("[network]\nloss = \"250%\"\n").error().hint, "");
  EXPECT_EQ(LoadText("[training]\ndevice = \"abacus\"\n").error().hint, "");
}

TEST_F(Configuration, TheFirstErrorOfAFileIsTheOneReported) {
  const auto config = LoadText("[topology]\nname = 1\n[data]\nname = 2\n");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("topology.name"));
}

TEST_F(Configuration, ErrorsInArgumentsAndVariablesNameTheirOrigin) {
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {"training.lr=fast", "command line: training.lr must be a number"},
           {"training.lrr=1", "command line: unknown key 'training.lrr'"},
           {"training=1", "command line: unknown key 'training'"},
           {"ring", "command line: 'ring' is not key=value"},
           {"=1", "command line: unknown key ''"},
           {"groups.\xff=[all]", "command line: a key is not valid UTF-8"},
           {"data.path=\"x", "command line: data.path: "},
           {"nodes.names=[a,a]", "command line: nodes.names has 'a' twice"}}) {
    const auto config = Config::Load(registry_, {}, {}, Overrides{text});
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::kUsage);
    EXPECT_EQ(config.error().where, "");
    EXPECT_THAT(config.error().message, StartsWith(message));
  }
  const auto config = Config::Load(registry_, {}, Variables{{"DELSTEP_TRAINING_LR", "fast"}}, {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kUsage);
  EXPECT_THAT(config.error().message, StartsWith("DELSTEP_TRAINING_LR: training.lr must be"));
}

TEST_F(Configuration, AFileThatCannotBeReadIsAFileError) {
  const fs::path missing = folder_ / "missing.toml";
  const auto config = Config::Load(registry_, missing, {}, {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kFile);
  EXPECT_THAT(config.error().message, HasSubstr(missing.string()));

  const auto of_folder = Config::Load(registry_, folder_, {}, {});
  ASSERT_FALSE(of_folder);
  EXPECT_EQ(of_folder.error().code, ErrorCode::kFile);
  EXPECT_THAT(of_folder.error().message, HasSubstr("folder"));

  const auto huge = LoadText(std::string((16u << 20) + 1, '#'));
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::kFile);
  EXPECT_THAT(huge.error().message, HasSubstr("16.0 MiB"));
}

TEST_F(Configuration, SetInARunRefusesWhatOnlyCountsAtTheStart) {
  const Registry registry = MakeRegistry({});
  Config config(registry);
  for (const char* key :
       {"network.backend", "network.sharing", "seed", "nodes.count", "groups.west"}) {
    const auto set = config.SetInRun(key, "2");
    ASSERT_FALSE(set) << key;
    EXPECT_EQ(set.error().code, ErrorCode::kUsage);
    EXPECT_THAT(set.error().message, HasSubstr(key));
  }
  const auto wrong = config.SetInRun("training.lr", "fast");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, StartsWith("set: training.lr"));
  EXPECT_FALSE(config.SetInRun("training.lrr", "1"));
  EXPECT_TRUE(config.SetInRun("network.latency", "20ms"));
  EXPECT_EQ(config.scenario().network.link.latency.a, Duration(20'000'000));
}

TEST_F(Configuration, ValuesThatDoNotFitTogetherAreRefused) {
  for (const auto& [overrides, part] : std::vector<std::pair<Overrides, std::string>>{
           {{"topology.name=regular", "topology.degree=12"}, "topology.degree = 12"},
           {{"topology.name=regular", "nodes.count=5", "topology.degree=3"}, "must be even"},
           {{"topology.name=small-world", "topology.k=12"}, "topology.k = 12"},
           {{"topology.name=small-world", "topology.k=3"}, "must be even"},
           {{"topology.name=scale-free", "topology.m=12"}, "topology.m = 12"},
           {{"topology.name=file"}, "needs topology.file"},
           {{"churn.name=trace"}, "needs churn.file"},
           {{"churn.name=diurnal", "churn.min=0.9"}, "churn.min = 0.9 is above churn.max = 0.8"},
           {{"topology.name=contacts"}, "needs topology.file"},
           {{"mobility.name=trace"}, "needs mobility.file"},
           {{"nodes.count=1", "nodes.addresses=[10.0.0.1,10.0.0.2]"}, "has 2 entries"},
           {{"nodes.addresses=[10.0.0.1,10.0.0.1]"}, "'10.0.0.1' twice"},
           {{"nodes.count=1", "nodes.names=[a,b]"}, "has 2 entries"},
           {{"nodes.names=[train]"}, "'train'"},
           {{"nodes.names=10.0.0.1"}, "looks like an address"},
           {{"partition.name=size"}, "0 entries for nodes.count = 12"},
           {{"partition.name=size", "nodes.count=2", "partition.partition_sizes=[1]"},
            "1 entry for nodes.count = 2"},
           {{"partition.name=label-sorted", "partition.partition_sizes=[1,2]"}, "nodes.count = 12"},
           {{"groups.list=[all]"}, "'list'"},
           {{"groups.=[all]"}, "it is empty"}}) {
    const auto config = Config::Load(registry_, {}, {}, overrides);
    ASSERT_FALSE(config) << part;
    EXPECT_EQ(config.error().code, ErrorCode::kUsage);
    EXPECT_THAT(config.error().message, AllOf(StartsWith("command line: "), HasSubstr(part)));
  }
}

TEST_F(Configuration, ValuesAtTheirLimitsFitTogether) {
  for (const Overrides& overrides : std::vector<Overrides>{
           {"topology.name=regular", "topology.degree=11"},
           {"topology.name=small-world", "topology.k=10"},
           {"topology.name=scale-free", "topology.m=11"},
           {"topology.degree=50", "topology.k=51"},  // of no use to `full`
           {"partition.name=size", "nodes.count=2", "partition.partition_sizes=[0,5]"},
           {"partition.name=label-sorted"},
           {"network.backend=ns3", "model.learner=torch", "training.optimizer=rmsprop"}})
    EXPECT_TRUE(Config::Load(registry_, {}, {}, overrides)) << overrides.front();
}

TEST_F(Configuration, AMisfitPointsAtTheKeyThatWasSetLast) {
  const std::string text = "[topology]\nname = \"regular\"\ndegree = 6\n";
  EXPECT_TRUE(LoadText(text));
  const auto by_file = LoadText(text + "[nodes]\ncount = 6\n");
  ASSERT_FALSE(by_file);
  EXPECT_EQ(by_file.error().code, ErrorCode::kFile);
  EXPECT_THAT(by_file.error().where, testing::EndsWith("exp.toml:3:1"));
  const auto by_argument = LoadText(text, {}, {"nodes.count=6"});
  ASSERT_FALSE(by_argument);
  EXPECT_EQ(by_argument.error().code, ErrorCode::kUsage);
  EXPECT_THAT(by_argument.error().message, StartsWith("command line: topology.degree = 6"));
}

TEST_F(Configuration, TheShippedScenarioSaysTheDefaults) {
  const fs::path file = fs::path(DELSTEP_SOURCE_DIR) / "scenarios" / "mnist-12.toml";
  const auto config = Config::Load(registry_, file, {}, {});
  ASSERT_TRUE(config) << config.error().where << ": " << config.error().message;
  EXPECT_EQ(config->ToToml(), Config(registry_).ToToml());
  EXPECT_EQ(config->OriginOf("seed").text.substr(0, 14), "mnist-12.toml:");
  for (const char* count : {"nodes.count=1", "nodes.count=2", "nodes.count=1000"})
    EXPECT_TRUE(Config::Load(registry_, file, {}, Overrides{count})) << count;
}

TEST_F(Configuration, AScenarioIsFoundByNameOrFile) {
  const fs::path first = folder_ / "first", second = folder_ / "second";
  fs::create_directories(first);
  fs::create_directories(second);
  Write("second/ring-50.toml", "");
  Write("second/mnist-12.toml", "");
  Write("first/mnist-12.toml", "");
  Write("first/notes.txt", "");
  const std::vector<fs::path> folders = {folder_ / "none", first, second};

  EXPECT_EQ(*FindScenario("mnist-12", folders), first / "mnist-12.toml");
  EXPECT_EQ(*FindScenario("ring-50", folders), second / "ring-50.toml");
  const std::string file = (second / "ring-50.toml").string();
  EXPECT_EQ(*FindScenario(file, {}), file);

  const auto slip = FindScenario("mnsit-12", folders);
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().code, ErrorCode::kUsage);
  EXPECT_EQ(slip.error().message, "no scenario named 'mnsit-12'; there are: mnist-12, ring-50");
  EXPECT_EQ(slip.error().hint, "did you mean 'mnist-12'?");
  EXPECT_EQ(FindScenario("lesson.del", folders).error().hint,
            "a script is run with -f: delstep -f lesson.del");
  for (const char* name : {"second/ring-50.tml", "second/rign-50.toml"})
    EXPECT_EQ(FindScenario((folder_ / name).string(), {}).error().hint,
              "did you mean '" + file + "'?");
  EXPECT_FALSE(FindScenario("", folders));
  EXPECT_FALSE(FindScenario("../second/ring-50", std::vector{first}));

  const auto missing = FindScenario("other.toml", folders);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kFile);
  EXPECT_THAT(missing.error().message, HasSubstr("other.toml"));
}

/// Text that a bare or quoted argument may hold, of any ASCII characters.
rc::Gen<std::string> AnyText() {
  return rc::gen::map(
      rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 128)),
      [](const std::vector<int>& codes) { return std::string(codes.begin(), codes.end()); });
}

/// A value that the key may well take, as an argument.
std::string RandomValue(const Key& key, const Registry& registry) {
  if (const auto choices = key.Choices(registry); !choices.empty())
    return *rc::gen::elementOf(choices);
  if (std::holds_alternative<PathKey>(key.kind)) return Quoted(*AnyText());
  const auto digits = std::to_string(*rc::gen::inRange(0, 2'000'000));
  const std::vector<std::string> values = {digits,
                                           "0." + digits,
                                           digits + "e-3",
                                           '[' + digits + ",7]",
                                           digits + "us",
                                           digits + "kbps",
                                           "normal(" + digits + "ns,1ms)",
                                           "[10.0.0.7,10.1.2.3]",
                                           "[a,\"b c\"]",
                                           "all",
                                           "inf"};
  return *rc::gen::elementOf(values);
}

TEST_F(Configuration, EveryConfigurationReadsBackFromItsToml) {
  EXPECT_TRUE(rc::check([&] {
    Config config(registry_);
    std::size_t accepted = 0;
    for (const Key& key : Keys())
      if (config.Set(key.name, RandomValue(key, registry_), {})) ++accepted;
    RC_PRE(accepted > 0u);
    for (const std::string& group : *rc::gen::container<std::vector<std::string>>(AnyText()))
      RC_ASSERT(config.Set("groups." + group, "[10.0.0.1, \"@a\"]", {}).ok());

    Config again(registry_);
    const auto added = again.AddToml(config.ToToml(), "no such folder/again.toml");
    RC_ASSERT(added.ok());
    RC_ASSERT(again.ToToml() == config.ToToml());
    RC_ASSERT(again.scenario().groups == config.scenario().groups);
    for (const Key& key : Keys())
      RC_ASSERT(key.Get(again.scenario()) == key.Get(config.scenario()));
  }));
}

/// The built-in parts and a rule that a user has added. Nobody makes it here.
Registry WithNearness() {
  Registry registry = MakeRegistry({});
  registry.aggregators.Add("nearness", "the closer a model, the more it counts",
                           [](const AggregationOptions&) -> Result<Aggregator> {
                             return Unavailable("only its name is asked for");
                           });
  return registry;
}

TEST_F(Configuration, ARuleThatWasAddedToTheRegistryIsChosenByFileByArgumentAndInARun) {
  const Registry registry = WithNearness();
  const fs::path file = Write("own.toml", "[aggregation]\nname = \"nearness\"\n");
  const auto by_file = Config::Load(registry, file, {}, {});
  ASSERT_TRUE(by_file) << by_file.error().message;
  EXPECT_EQ(by_file->scenario().aggregation.name, "nearness");
  EXPECT_THAT(by_file->ToToml(), HasSubstr("name = \"nearness\""));

  auto by_argument = Config::Load(registry, {}, {}, Overrides{"aggregation.name=nearness"});
  ASSERT_TRUE(by_argument) << by_argument.error().message;
  EXPECT_EQ(by_argument->scenario().aggregation.name, "nearness");
  ASSERT_TRUE(by_argument->SetInRun("aggregation.name", "krum"));
  ASSERT_TRUE(by_argument->SetInRun("aggregation.name", "nearness"));
  EXPECT_EQ(by_argument->scenario().aggregation.name, "nearness");

  const auto slip = by_argument->SetInRun("aggregation.name", "neraness");
  ASSERT_FALSE(slip);
  EXPECT_THAT(slip.error().message,
              HasSubstr("krum, nearness, or a C++ file such as my_rule.cpp, not 'neraness'"));
  EXPECT_EQ(slip.error().hint, "did you mean 'nearness'?");
  EXPECT_FALSE(Config::Load(registry_, file, {}, {})) << "the built-in parts have no such rule";
}

TEST(Config, FindsAPathOfAFileBesideThatFileFirst) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "beside";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "net.edges") << "0 1\n";
  const Registry registry = MakeRegistry({});
  Config config(registry);
  ASSERT_TRUE(config.AddToml("topology.file = \"net.edges\"", (folder / "x.toml").string()));
  EXPECT_EQ(config.scenario().topology.file, (folder / "net.edges").lexically_normal().string());
  ASSERT_TRUE(config.AddToml("topology.file = \"elsewhere.edges\"", (folder / "x.toml").string()));
  EXPECT_EQ(config.scenario().topology.file, "elsewhere.edges");
  ASSERT_TRUE(
      config.AddToml("mobility.file = \"net.edges\"\nchurn.file = \"net.edges\"\n"
                     "compute.file = \"net.edges\"",
                     (folder / "x.toml").string()));
  for (const std::string& file : {config.scenario().mobility.file, config.scenario().churn.file,
                                  config.scenario().compute.file})
    EXPECT_EQ(file, (folder / "net.edges").lexically_normal().string());
}

TEST(Config, PutsAnErrorOfTheRunAtItsKey) {
  const Registry registry = MakeRegistry({});
  Config config(registry);
  ASSERT_TRUE(config.AddToml("seed = 3\n[partition]\nsamples_per_node = 7000", "x.toml"));
  const Error error = AtItsKey(config, UsageError("partition.samples_per_node = 7000: too many")
                                           .About("partition.samples_per_node"));
  EXPECT_EQ(error.code, ErrorCode::kFile);
  EXPECT_EQ(error.where, "x.toml:3:1");
  EXPECT_EQ(AtItsKey(config, UsageError("partition.samples_per_node: what now?")).where, "")
      << "what the message says is for people";
}

TEST_F(Configuration, GivesValuesToSingleNodes) {
  auto config = LoadText(
      "[training]\nlr = 0.1\n[training.at.\"@slow 10.0.0.[7-9]\"]\nlr = 0.2\nepochs = 3\n"
      "[training.at.ann]\nlr = 1\n",
      {}, {"training.at.10.0.0.3.clip_norm=0.5", "training.at.ann.lr=2"});
  ASSERT_TRUE(config) << config.error().message;
  const auto& values = config->scenario().node_values;
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(values[0].nodes, "@slow 10.0.0.[7-9]");
  EXPECT_EQ(values[0].key, "training.lr");
  EXPECT_EQ(values[0].value, "0.2");
  EXPECT_EQ(values[1].key, "training.epochs");
  EXPECT_EQ(values[2].nodes, "10.0.0.3");
  EXPECT_EQ(values[3].nodes, "ann");
  EXPECT_EQ(values[3].value, "2") << "the later one, once";
  EXPECT_EQ(config->scenario().training.lr, 0.1) << "all the others";
  EXPECT_EQ(config->OriginOf("training.at.@slow 10.0.0.[7-9].epochs").text, "exp.toml:5");
  EXPECT_EQ(config->OriginOf("training.at.ann.lr").text, "command line");
  EXPECT_EQ(config->SetInRun("training.at.ann.lr", "3").error().code, ErrorCode::kUsage);
  // And back: the same values in the same order.
  const auto again = LoadText(config->ToToml());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->ToToml(), config->ToToml());
  EXPECT_EQ(again->scenario().node_values.size(), 4u);
}

TEST_F(Configuration, NamesWhatIsWrongWithValuesOfSingleNodes) {
  for (const auto& [text, place, parts] :
       std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
           {"[training.at.ann]\noptimizer = \"sgd\"\n",
            "2:1",
            {"training.optimizer is the same for all nodes", "lr, weight_decay"}},
           {"[training.at.ann]\nlrr = 1\n", "2:1", {"unknown key", "lrr"}},
           {"[training.at.ann]\nlr = -1\n", "2:1", {"training.lr must be a number from 0"}},
           {"[training.at]\nlr = 1\n", "2:1", {"names no nodes"}},
           {"[training]\nat = 1\n", "2:1", {"training.at must be a section"}}}) {
    const auto config = LoadText(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::kFile);
    EXPECT_TRUE(config.error().where.ends_with("exp.toml:" + place)) << config.error().where;
    for (const std::string& part : parts)
      EXPECT_NE((config.error().message + config.error().hint).find(part), std::string::npos)
          << config.error().message << " / " << config.error().hint;
  }
  EXPECT_TRUE(LoadText("[training.at.ann]\n")) << "an empty section";
}

TEST_F(Configuration, KnowsWhichTrainingKeysSomebodyHasSet) {
  const auto file = Write("exp.toml", "[training]\nlr = 0.001\nepochs = 2\n");
  const Overrides overrides = {"training.momentum=0.5"};
  const auto chosen = Config::Load(registry_, file, {}, overrides);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->scenario().training.chosen.size(), 3u);
  EXPECT_TRUE(chosen->scenario().training.chosen.contains("training.lr"));
  // The scenario that is used where none is named is as good as the defaults.
  auto implicit = Config::Load(registry_, file, {}, overrides, Config::FileIs::kDefault);
  ASSERT_TRUE(implicit);
  EXPECT_EQ(implicit->scenario().training.chosen.size(), 1u);
  ASSERT_TRUE(implicit->SetInRun("training.lr", "0.001"));
  EXPECT_TRUE(implicit->scenario().training.chosen.contains("training.lr"));
}

TEST_F(Configuration, DoesNotChooseAgainWhatNobodyChose) {
  const auto loaded = [&](const Overrides& overrides) {
    const Config config = *Config::Load(registry_, {}, {}, overrides);
    return *LoadText(config.ToToml());
  };
  EXPECT_FALSE(
      loaded({"model.name=tensorflow"}).scenario().training.chosen.contains("training.lr"));
  EXPECT_TRUE(loaded({"model.name=tensorflow", "training.lr=0.001"})
                  .scenario()
                  .training.chosen.contains("training.lr"));
}

TEST_F(Configuration, TakesACppFileForARuleAndLooksForItBesideTheScenario) {
  Write("mine.cpp", "");
  const auto config =
      LoadText("[aggregation]\nname = \"mine.cpp\"\n[model]\nfile = \"mine.cpp\"\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->scenario().aggregation.name, (folder_ / "mine.cpp").lexically_normal());
  EXPECT_EQ(config->scenario().model.file, (folder_ / "mine.cpp").lexically_normal());
  EXPECT_EQ(LoadText("[aggregation]\nname = \"gone.cpp\"\n")->scenario().aggregation.name,
            "gone.cpp");
  EXPECT_FALSE(LoadText("[aggregation]\nname = \"mine\"\n"));
  EXPECT_FALSE(LoadText("[aggregation]\nname = \".cpp\"\n"));
  EXPECT_FALSE(LoadText("[network]\nbackend = \"mine.cpp\"\n")) << "only rules may be files";
}

// A part in a file of the user's, and a folder that is written, kept their `~` once.
TEST_F(Configuration, ATildeIsTheHomeFolderInEveryKeyThatNamesAFileOrFolder) {
  Config config(registry_);
  std::vector<std::string_view> paths;
  for (const Key& key : Keys()) {
    const auto endings = key.Endings(registry_);
    const std::string name = "/my file" + (endings.empty() ? "" : endings.front());
    if (!PathUseOf(key.kind, name, registry_)) continue;
    paths.push_back(key.name);
    ASSERT_TRUE(config.Set(key.name, '~' + name, {})) << key.name;
    EXPECT_EQ(key.Get(config.scenario()), Quoted(ExpandHome("~") + name)) << key.name;
  }
  EXPECT_THAT(paths, testing::IsSupersetOf({"compute.file", "data.path", "ns3.pcap",
                                            "aggregation.name", "behaviour.name"}));
  ASSERT_TRUE(config.Set("aggregation.name", "median", {}));
  EXPECT_EQ(config.scenario().aggregation.name, "median");
}

TEST(Config, NodesCountFollowsAFileOfAGraphThatIsNamedLater) {
  const Registry registry = MakeRegistry({});
  const auto given = [&](const std::vector<std::string>& overrides) {
    const std::pair<std::string, std::string> environment[] = {{"DELSTEP_NODES_COUNT", "5"}};
    const auto config = Config::Load(registry, {}, environment, overrides);
    EXPECT_TRUE(config) << config.error().message;
    return config->scenario().nodes.count_given;
  };
  EXPECT_TRUE(given({"topology.name=ring"}));
  EXPECT_FALSE(given({"topology.name=file", "topology.file=g.edges"}));
  EXPECT_TRUE(given({"topology.name=file", "topology.file=g.edges", "nodes.count=5"}));
  EXPECT_FALSE(given({"topology.name=contacts", "topology.file=c.csv"}));
  EXPECT_FALSE(given({"mobility.name=trace", "mobility.file=w.csv"})) << "whatever the topology";
  EXPECT_TRUE(given({"mobility.name=trace", "mobility.file=w.csv", "nodes.count=5"}));
  EXPECT_TRUE(given({"topology.name=file", "topology.file=g.edges", "nodes.count=5",
                     "mobility.name=trace", "mobility.file=w.csv"}));
  Config config(registry);
  EXPECT_FALSE(config.scenario().nodes.count_given);
}

// More names and sizes, and a higher degree, than the default number of nodes allows: the trace may
// have as many nodes.
TEST(Config, JudgesNothingByANumberOfNodesThatATraceIsYetToBring) {
  const Registry registry = MakeRegistry({});
  const std::size_t count = NodesOptions().count;
  std::string names, sizes;
  for (std::size_t i = 0; i <= count; ++i) {
    names += (i ? ",n" : "n") + std::to_string(i);
    sizes += i ? ",10" : "10";
  }
  std::vector<std::string> overrides = {"mobility.name=trace",
                                        "mobility.file=w.csv",
                                        "nodes.names=" + names,
                                        "partition.name=size",
                                        "partition.partition_sizes=" + sizes,
                                        "topology.name=regular",
                                        "topology.degree=" + std::to_string(2 * count)};
  const auto followed = Config::Load(registry, {}, {}, overrides);
  EXPECT_TRUE(followed) << followed.error().message;
  overrides.push_back("nodes.count=" + std::to_string(count));
  EXPECT_FALSE(Config::Load(registry, {}, {}, overrides));
}

TEST(Config, ShowsTheNumberOfNodesThatAFileBrought) {
  const Registry registry = MakeRegistry({});
  const std::string overrides[] = {"topology.name=file", "topology.file=g.edges"};
  Config config = *Config::Load(registry, {}, {}, overrides);
  config.FollowNodesCount(3);
  EXPECT_EQ(config.scenario().nodes.count, 3u);
  EXPECT_EQ(config.OriginOf("nodes.count").text, "topology.file");
  config.FollowNodesCount(4);
  EXPECT_EQ(config.scenario().nodes.count, 3u) << "it is decided once";
}

}  // namespace
}  // namespace delstep
