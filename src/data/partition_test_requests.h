#pragma once
/// A pool to deal in tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "data/partitioners.h"
#include "delstep/data.h"
#include "delstep/registry.h"
#include "delstep/scenario.h"

namespace delstep {

/// Examples 0 ... size - 1 with labels i % classes, all in the pool, shuffled.
struct TestPool {
  TestPool(std::size_t size, std::int32_t classes, std::size_t nodes, std::uint64_t seed = 1) {
    for (std::size_t i = 0; i < size; ++i) {
      labels.push_back(static_cast<std::int32_t>(i) % classes);
      pool.push_back(static_cast<std::uint32_t>(i));
    }
    Random(MakeKey(seed, Purpose::kDraw)).Shuffle(std::span(pool));
    request.classes = classes;
    request.nodes = nodes;
    request.key = MakeKey(seed, Purpose::kPartition);
  }

  /// Deals by the partitioner of this name.
  Result<Partition> Deal(const std::string& name) {
    Parts<DealData> parts("partition.name");
    AddPartitioners(parts);
    options.name = name;
    request.labels = labels;
    request.pool = pool;
    request.options = &options;
    DELSTEP_ASSIGN(const DealData* deal, parts.Find(name));
    return (*deal)(request);
  }
  /// Deals, or fails the test.
  Partition Dealt(const std::string& name) {
    auto partition = Deal(name);
    EXPECT_TRUE(partition.ok()) << (partition.ok() ? "" : partition.error().message);
    return partition.ok() ? *std::move(partition) : Partition(request.nodes);
  }
  /// The message of the usage error that dealing must end with.
  std::string Refusal(const std::string& name) {
    const auto partition = Deal(name);
    EXPECT_FALSE(partition.ok());
    if (partition.ok()) return {};
    EXPECT_EQ(partition.error().code, ErrorCode::kUsage);
    return partition.error().message;
  }

  /// How many examples of each class a list holds.
  std::vector<std::size_t> ClassCounts(const std::vector<std::uint32_t>& list) const {
    std::vector<std::size_t> counts(static_cast<std::size_t>(request.classes));
    for (const std::uint32_t example : list) ++counts[static_cast<std::size_t>(labels[example])];
    return counts;
  }

  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> pool;
  PartitionOptions options;
  PartitionRequest request;
};

inline std::vector<std::size_t> Sizes(const Partition& partition) {
  std::vector<std::size_t> sizes;
  for (const auto& list : partition) sizes.push_back(list.size());
  return sizes;
}

inline std::vector<std::uint32_t> AllSorted(const Partition& partition) {
  std::vector<std::uint32_t> all;
  for (const auto& list : partition) all.insert(all.end(), list.begin(), list.end());
  std::ranges::sort(all);
  return all;
}

}  // namespace delstep
