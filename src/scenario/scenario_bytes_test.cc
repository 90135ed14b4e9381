#include "scenario/scenario_bytes.h"

#include <gtest/gtest.h>

#include "delstep/registry.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

const Registry& Builtin() {
  static const Registry registry = MakeRegistry({});
  return registry;
}

TEST(ScenarioBytes, EveryKeyComesBackWithItsValue) {
  for (const Key& key : Keys()) {
    // Another value than the default, where the key tells of one.
    for (const std::string& choice : key.Choices(Builtin())) {
      Scenario scenario;
      ASSERT_TRUE(key.Set(scenario, *ReadArgument(choice), Builtin()));
      const auto back = LoadScenario(SaveScenario(scenario), Builtin());
      ASSERT_TRUE(back) << back.error().message;
      for (const Key& any : Keys()) EXPECT_EQ(any.Get(*back), any.Get(scenario)) << any.name;
    }
  }
  Scenario scenario;
  scenario.seed = 123;
  scenario.training.lr = 0.1 + 0.2;  // not a short decimal
  scenario.data.path = "a \"folder\" with = and\nlines";
  scenario.nodes.count_given = false;
  scenario.training.chosen = {"training.lr", "training.momentum"};
  const auto back = LoadScenario(SaveScenario(scenario), Builtin());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->seed, 123u);
  EXPECT_EQ(back->training.lr, 0.1 + 0.2);
  EXPECT_EQ(back->data.path, scenario.data.path);
  EXPECT_FALSE(back->nodes.count_given);
  EXPECT_EQ(back->training.chosen, scenario.training.chosen);
}

TEST(ScenarioBytes, OtherBytesAreRefused) {
  const std::string bytes = SaveScenario(Scenario());
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, bytes.size() - 1})
    EXPECT_FALSE(LoadScenario(bytes.substr(0, length), Builtin())) << length;
  EXPECT_FALSE(LoadScenario(bytes + "x", Builtin()));
}

}  // namespace
}  // namespace delstep
