#include "scenario/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "delstep/registry.h"

namespace delstep {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

const Registry& Builtin() {
  static const Registry registry = MakeRegistry({});
  return registry;
}

Value Argument(std::string_view text) { return *ReadArgument(text); }

TEST(Keys, EveryKeyHasASentenceAndADefaultThatPassesItsOwnCheck) {
  std::set<std::string_view> names;
  for (const Key& key : Keys()) {
    SCOPED_TRACE(key.name);
    EXPECT_TRUE(names.insert(key.name).second);
    EXPECT_THAT(key.sentence, EndsWith("."));
    EXPECT_FALSE(key.Allowed(Builtin()).empty());
    EXPECT_EQ(FindKey(key.name), &key);
    Scenario scenario;
    const std::string fallback = key.Get(scenario);
    const auto entries = ReadToml("v = " + fallback, "");
    ASSERT_TRUE(entries) << fallback;
    EXPECT_TRUE(key.Set(scenario, entries->front().value, Builtin())) << fallback;
    EXPECT_TRUE(key.Set(scenario, Argument(fallback), Builtin())) << fallback;
    EXPECT_EQ(key.Get(scenario), fallback);
  }
}

TEST(Keys, EveryChoiceIsAcceptedAndASlipIsCorrected) {
  for (const Key& key : Keys()) {
    for (const std::string& choice : key.Choices(Builtin())) {
      Scenario scenario;
      EXPECT_TRUE(key.Set(scenario, Argument(choice), Builtin())) << key.name << ' ' << choice;
      EXPECT_THAT(key.Get(scenario), HasSubstr(choice));
    }
  }
  // A part that this build lacks has a name all the same.
  EXPECT_THAT(FindKey("network.backend")->Choices(Builtin()), testing::Contains("ns3"));
  Scenario scenario;
  const auto set = FindKey("topology.name")->Set(scenario, Argument("rign"), Builtin());
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, AllOf(HasSubstr("topology.name"), HasSubstr("'rign'"),
                                         HasSubstr("full, ring, star")));
  EXPECT_EQ(set.error().hint, "did you mean 'ring'?");
}

TEST(Keys, AWrongTypeOrRangeNamesKeyValueAndWhatIsAllowedAndChangesNothing) {
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"seed", "-1"},
                                                        {"seed", "1.5"},
                                                        {"nodes.count", "0"},
                                                        {"nodes.count", "many"},
                                                        {"nodes.count", "\"12\""},
                                                        {"nodes.addresses", "[10.0.0.0]"},
                                                        {"nodes.names", "[[1]]"},
                                                        {"network.loss", "1.5"},
                                                        {"network.latency", "20"},
                                                        {"network.latency", "[20ms]"},
                                                        {"network.bandwidth", "nan"},
                                                        {"network.step", "-1ms"},
                                                        {"network.autonet", "maybe"},
                                                        {"data.test_fraction", "1"},
                                                        {"partition.alpha", "0"},
                                                        {"partition.partition_sizes", "[1,-1]"},
                                                        {"partition.samples_per_node", "some"},
                                                        {"model.hidden", "[0]"},
                                                        {"training.lr", "nan"},
                                                        {"training.lr", "inf"},
                                                        {"training.lr", "true"},
                                                        {"training.momentum", "1"},
                                                        {"training.threads", "5000"},
                                                        {"training.device", "gpu"},
                                                        {"training.device", "cuda:"},
                                                        {"training.device", "cuda:01"},
                                                        {"training.device", "cuda:128"},
                                                        {"training.device", "1"},
                                                        {"aggregation.trim", "0.5"}}) {
    SCOPED_TRACE(name + '=' + text);
    const Key& key = *FindKey(name);
    Scenario scenario;
    const auto set = key.Set(scenario, Argument(text), Builtin());
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, ErrorCode::kUsage);
    EXPECT_THAT(set.error().message, AllOf(HasSubstr(name), HasSubstr(key.Allowed(Builtin()))));
    EXPECT_THAT(set.error().message, HasSubstr("not " + Shown(Argument(text))));
    EXPECT_EQ(key.Get(scenario), key.Get(Scenario()));
  }
}

TEST(Keys, AGpuIsCalledCuda) {
  Scenario scenario;
  const Key& device = *FindKey("training.device");
  // One letter away from "cpu", which is what is not meant.
  EXPECT_EQ(device.Set(scenario, Argument("gpu"), Builtin()).error().hint, "did you mean 'cuda'?");
  EXPECT_EQ(device.Set(scenario, Argument("cpuu"), Builtin()).error().hint, "did you mean 'cpu'?");
}

TEST(Keys, ASingleValueIsAListOfOne) {
  Scenario scenario;
  ASSERT_TRUE(FindKey("model.hidden")->Set(scenario, Argument("64"), Builtin()));
  EXPECT_EQ(scenario.model.hidden, std::vector<std::size_t>({64}));
  ASSERT_TRUE(FindKey("model.hidden")->Set(scenario, Argument("[64,32]"), Builtin()));
  EXPECT_EQ(scenario.model.hidden, std::vector<std::size_t>({64, 32}));
  ASSERT_TRUE(FindKey("model.hidden")->Set(scenario, Argument("[]"), Builtin()));
  EXPECT_TRUE(scenario.model.hidden.empty());
  ASSERT_TRUE(FindKey("nodes.names")->Set(scenario, Argument("anna"), Builtin()));
  EXPECT_EQ(scenario.nodes.names, std::vector<std::string>({"anna"}));
}

TEST(Keys, WhatMayBeLeftOutHasAWordForIt) {
  Scenario scenario;
  const Key& samples = *FindKey("partition.samples_per_node");
  ASSERT_TRUE(samples.Set(scenario, Argument("500"), Builtin()));
  EXPECT_EQ(scenario.partition.samples_per_node, 500u);
  ASSERT_TRUE(samples.Set(scenario, Argument("all"), Builtin()));
  EXPECT_EQ(scenario.partition.samples_per_node, std::nullopt);
  const Key& step = *FindKey("network.step");
  ASSERT_TRUE(step.Set(scenario, Argument("100ms"), Builtin()));
  EXPECT_EQ(scenario.network.step, Duration(100'000'000));
  ASSERT_TRUE(step.Set(scenario, Argument("drain"), Builtin()));
  EXPECT_EQ(scenario.network.step, std::nullopt);
}

TEST(Keys, SetMayChangeTrainingAggregationAndNetworkButNotTheBackend) {
  for (const auto& [name, settable] :
       std::vector<std::pair<std::string, bool>>{{"training.lr", true},
                                                 {"aggregation.name", true},
                                                 {"network.latency", true},
                                                 {"history.memory", true},
                                                 {"test.limit", true},
                                                 {"history.why", false},
                                                 {"network.backend", false},
                                                 {"seed", false},
                                                 {"model.hidden", false},
                                                 {"nodes.count", false}})
    EXPECT_EQ(FindKey(name)->settable(), settable) << name;
}

TEST(Keys, AVariableNamesItsKeyAndOtherVariablesNone) {
  EXPECT_EQ(FindKeyOfVariable("DELSTEP_TRAINING_LR")->name, "training.lr");
  EXPECT_EQ(UnknownVariable("DELSTEP_TRAINING_LRR"), "did you mean 'DELSTEP_TRAINING_LR'?");
  EXPECT_EQ(UnknownVariable("DELSTEP_TOPOLOGY"), "did you mean 'DELSTEP_TOPOLOGY_NAME'?");
  EXPECT_EQ(UnknownVariable("DELSTEP_QUITE_ANOTHER_THING"), "");
  for (const char* read : {"DELSTEP_TRAINING_LR", "DELSTEP_DATA", "DELSTEP_SCENARIOS", "HOME"})
    EXPECT_EQ(UnknownVariable(read), std::nullopt) << read;
  EXPECT_EQ(FindKeyOfVariable("DELSTEP_SEED")->name, "seed");
  EXPECT_EQ(FindKeyOfVariable("DELSTEP_PARTITION_SAMPLES_PER_NODE")->name,
            "partition.samples_per_node");
  for (const char* other : {"DELSTEP_DATA", "DELSTEP_SCENARIOS", "DELSTEP_", "PATH", ""})
    EXPECT_EQ(FindKeyOfVariable(other), nullptr) << other;
}

TEST(Keys, AnUnknownKeyIsAnsweredWithTheOneThatWasMeant) {
  for (const auto& [word, hint] : std::vector<std::pair<std::string, std::string>>{
           {"training.lrr", "did you mean 'training.lr'?"},
           {"training.epoch", "did you mean 'training.epochs'?"},
           {"lr", "did you mean 'training.lr'?"},
           {"aggregation.lr", "did you mean 'training.lr'?"},
           {"trainig.epohcs", "did you mean 'training.epochs'?"},
           {"model.colour",
            "keys of model: name, learner, file, weights, hidden, activation, dropout, embedding, "
            "units, "
            "layers, init"},
           {"sede", "did you mean 'seed'?"},
           // It was "keys of groups: ", without any.
           {"groups", "write groups.NAME=[NODE,...], such as groups.east=[10.0.0.1,anna]"},
           {"training.at", "write training.at.NODES.KEY=VALUE, such as training.at.anna.lr=0.1"}}) {
    const Error error = UnknownKey(word);
    EXPECT_EQ(error.code, ErrorCode::kUsage);
    EXPECT_EQ(error.message, "unknown key '" + word + "'");
    EXPECT_EQ(error.hint, hint);
  }
  EXPECT_THAT(UnknownKey("colour.of.sky").hint, HasSubstr("sections: nodes, topology"));
  EXPECT_THAT(UnknownKey(std::string(100'000, 'x')).message.size(), testing::Lt(100u));
}

TEST(Keys, APathHasNoByte0) {
  Scenario scenario;
  const Key& file = *FindKey("compute.file");
  ASSERT_TRUE(file.Set(scenario, Value{.text = "c.csv"}, Builtin()));
  for (const char* key : {"compute.file", "ns3.pcap", "aggregation.name"}) {
    const Value value{.text = std::string("c.csv\0.cpp", 10)};
    const auto set = FindKey(key)->Set(scenario, value, Builtin());
    ASSERT_FALSE(set) << key;
    EXPECT_EQ(set.error().code, ErrorCode::kUsage);
    EXPECT_THAT(set.error().message, testing::StartsWith(std::string(key) + " must be ")) << key;
  }
  EXPECT_EQ(scenario.compute.file, "c.csv");
}

TEST(Keys, GroupsAreAFamilyInTheOrderWritten) {
  Scenario scenario;
  ASSERT_TRUE(GroupKey("groups.west").Set(scenario, Argument("[10.0.0.[1-4], anna]"), Builtin()));
  ASSERT_TRUE(GroupKey("groups.east").Set(scenario, Argument("@west"), Builtin()));
  ASSERT_TRUE(GroupKey("groups.west").Set(scenario, Argument("[10.0.0.5]"), Builtin()));
  ASSERT_EQ(scenario.groups.size(), 2u);
  EXPECT_EQ(scenario.groups[0].first, "west");
  EXPECT_EQ(scenario.groups[0].second, std::vector<std::string>({"10.0.0.5"}));
  EXPECT_EQ(GroupKey("groups.east").Get(scenario), "[\"@west\"]");
  const auto wrong = GroupKey("groups.west").Set(scenario, Argument("[1, 2]"), Builtin());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("groups.west must be a list of selectors"));
}

TEST(Keys, TheReferencePageHasARowForEveryKey) {
  const std::string page = ConfigReference(Builtin());
  for (const Key& key : Keys())
    EXPECT_THAT(page, HasSubstr("| `" + std::string(key.name) + "` | "));
  EXPECT_THAT(page, HasSubstr("## [groups]"));
  EXPECT_THAT(page, HasSubstr("| `training.lr` | a number from 0 to 1000000 | `0.001` |"));
}

}  // namespace
}  // namespace delstep
