#include "delstep/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/keys.h"

namespace delstep {
namespace {

template <class Make>
std::vector<std::string> NamesOf(const Parts<Make>& parts) {
  std::vector<std::string> names;
  for (const auto& part : parts.entries()) names.push_back(part.name);
  return names;
}

TEST(Parts, AreThoseThatTheKeysAllow) {
  const Registry registry = MakeRegistry({});
  const std::pair<const char*, std::vector<std::string>> kinds[] = {
      {"topology.name", NamesOf(registry.topologies)},
      {"network.backend", NamesOf(registry.networks)},
      {"model.learner", NamesOf(registry.learners)},
      {"aggregation.name", NamesOf(registry.aggregators)},
      {"mobility.name", NamesOf(registry.mobility)},
      {"data.name", NamesOf(registry.data)},
      {"partition.name", NamesOf(registry.partitioners)}};
  for (const auto& [name, parts] : kinds) {
    const Key* key = FindKey(name);
    ASSERT_NE(key, nullptr) << name;
    EXPECT_THAT(parts, testing::UnorderedElementsAreArray(key->choices)) << name;
  }
}

TEST(Parts, ThatAreAbsentSayWhy) {
  const Registry registry = MakeRegistry({});
  const auto ns3 = registry.networks.Find("ns3");
  ASSERT_FALSE(ns3);
  EXPECT_EQ(ns3.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(ns3.error().message, testing::HasSubstr("not written yet"));
}

}  // namespace
}  // namespace delstep
