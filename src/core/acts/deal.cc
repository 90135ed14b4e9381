#include "core/acts/deal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <memory>
#include <numeric>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

/// What is dealt: all examples or the training part, in an order drawn by the seed.
std::vector<std::uint32_t> DrawPool(const Scenario& scenario, const LoadedData& data) {
  const std::size_t size =
      scenario.data.pool == "train" ? data.train_examples : data.dataset.size();
  std::vector<std::uint32_t> pool(size);
  std::iota(pool.begin(), pool.end(), 0u);
  Random(MakeKey(scenario.seed, Purpose::kDraw)).Shuffle(std::span(pool));
  return pool;
}

}  // namespace

Result<Deal> DealExamples(const Scenario& scenario, const Registry& registry,
                          const LoadedData& data) {
  const std::size_t nodes = scenario.nodes.count;
  std::vector<std::uint32_t> pool = DrawPool(scenario, data);
  // How many examples are dealt to the first nodes. With samples_per_node the rest stays in
  // reserve.
  std::size_t drawn = pool.size();
  if (const auto each = scenario.partition.samples_per_node) {
    if (*each > pool.size() / nodes)
      return UsageError(
                 fmt::format("partition.samples_per_node = {}: {} would need {}, and {} has {}",
                             *each, Count(nodes, "node"), nodes * *each, data.name, pool.size()),
                 fmt::format("at most {}", pool.size() / nodes))
          .About("partition.samples_per_node");
    drawn = *each * nodes;
  } else if (pool.size() < nodes) {
    return UsageError(fmt::format("nodes.count = {}: {} has only {}", nodes, data.name,
                                  Count(pool.size(), "example")))
        .About("nodes.count");
  }

  // The partitioner sees only what was drawn, the rest is for nodes that join later.
  DELSTEP_ASSIGN(const DealData* deal_data, registry.partitioners.Find(scenario.partition.name));
  PartitionRequest request;
  request.labels = data.dataset.labels;
  request.classes = data.dataset.classes;
  request.pool = std::span(pool).first(drawn);
  request.nodes = nodes;
  request.sources = data.sources;
  request.source_names = data.source_names;
  request.options = &scenario.partition;
  request.key = MakeKey(scenario.seed, Purpose::kPartition);
  Deal deal;
  DELSTEP_ASSIGN(deal.parts, (*deal_data)(request));
  assert(deal.parts.size() == nodes);

  // What is left keeps the order of the draw, and the next example to give comes last: giving some
  // is a cut at the end.
  std::vector<bool> dealt(data.dataset.size());
  for (const auto& part : deal.parts)
    for (const std::uint32_t example : part) dealt[example] = true;
  std::ranges::copy_if(pool, std::back_inserter(deal.undealt),
                       [&](std::uint32_t example) { return !dealt[example]; });
  std::ranges::reverse(deal.undealt);
  return deal;
}

void AssignExamples(const Scenario& scenario, std::vector<std::uint32_t> examples, Node& node) {
  // The small term keeps 100 * 0.29 at 29 where the product is a hair below.
  const auto held = static_cast<std::size_t>(
      static_cast<double>(examples.size()) * scenario.data.test_fraction + 1e-9);
  // Sorted first, so that the draw depends on which examples these are and not on their order.
  std::ranges::sort(examples);
  Random(MakeKey(scenario.seed, Purpose::kHoldOut, Index(node.id))).Shuffle(std::span(examples));
  // The first ones of the shuffled list are held out. Both lists are then sorted: a learner that
  // reads examples in order reads memory in order.
  std::vector<std::uint32_t> held_out(examples.begin(),
                                      examples.begin() + static_cast<std::ptrdiff_t>(held));
  examples.erase(examples.begin(), examples.begin() + static_cast<std::ptrdiff_t>(held));
  std::ranges::sort(held_out);
  std::ranges::sort(examples);
  node.training = std::make_shared<const std::vector<std::uint32_t>>(std::move(examples));
  node.held_out = std::make_shared<const std::vector<std::uint32_t>>(std::move(held_out));
}

Result<std::vector<std::uint32_t>> ExamplesForNewNode(const Run& run) {
  const auto each = run.engine.scenario->partition.samples_per_node;
  const std::vector<std::uint32_t>& undealt = *run.world.undealt;
  if (!each)
    return Refused(
        "nothing is left to deal: without partition.samples_per_node the nodes got all examples",
        "`node add like NODE` shares a node's data; or start with "
        "partition.samples_per_node=N");
  if (undealt.size() < *each)
    return Refused(fmt::format("nothing is left to deal: {} of the {} that a node gets",
                               undealt.size(), Count(*each, "example")),
                   "`node add like NODE` shares a node's data");
  // Only looked at: they are taken once the node has been let in.
  return std::vector<std::uint32_t>(undealt.end() - static_cast<std::ptrdiff_t>(*each),
                                    undealt.end());
}

}  // namespace delstep
