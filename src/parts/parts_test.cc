#include "delstep/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace delstep {
namespace {

/// Of all parts of a kind: a name of its own, and a sentence; absent ones say why when they are
/// asked for.
template <class Make>
void ExpectGoodEntries(const Parts<Make>& parts) {
  EXPECT_FALSE(parts.entries().empty());
  std::set<std::string> names;
  for (const auto& entry : parts.entries()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(names.insert(entry.name).second) << "twice";
    EXPECT_FALSE(entry.sentence.empty());
    const auto found = parts.Find(entry.name);
    EXPECT_EQ(found.ok(), static_cast<bool>(entry.make));
    if (found) continue;
    EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(entry.reason.empty());
    EXPECT_THAT(found.error().message, testing::EndsWith(entry.reason));
  }
}

TEST(Parts, HaveNamesOfTheirOwnAndSayWhatTheyAreOrWhyTheyAreAbsent) {
  const Registry registry = MakeRegistry({});
  ExpectGoodEntries(registry.networks);
  ExpectGoodEntries(registry.learners);
  ExpectGoodEntries(registry.aggregators);
  ExpectGoodEntries(registry.compressors);
  ExpectGoodEntries(registry.mobility);
  ExpectGoodEntries(registry.topologies);
  ExpectGoodEntries(registry.data);
  ExpectGoodEntries(registry.partitioners);
  ExpectGoodEntries(registry.graph_writers);
  ExpectGoodEntries(registry.tensor_readers);
  ExpectGoodEntries(registry.tensor_writers);
}

}  // namespace
}  // namespace delstep
