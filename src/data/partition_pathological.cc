#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "data/deal.h"
#include "data/partitioners.h"

namespace delstep {
namespace {

/// Classes of each node, as positions among the classes that occur.
using Assignment = std::vector<std::vector<std::size_t>>;

/// `count` of 0 ... classes - 1 without replacement; `first`, if given, is the first of them.
std::vector<std::size_t> DrawClasses(std::size_t classes, std::size_t count,
                                     std::optional<std::size_t> first, Random& random) {
  std::vector<std::size_t> drawn(classes);
  for (std::size_t c = 0; c < classes; ++c) drawn[c] = c;
  std::size_t fixed = 0;
  if (first) std::swap(drawn[fixed++], drawn[*first]);
  random.Shuffle(std::span(drawn).subspan(fixed));
  drawn.resize(count);
  return drawn;
}

Result<Assignment> AssignClasses(const PartitionRequest& request, std::size_t classes) {
  const PartitionOptions& options = *request.options;
  const std::size_t count = options.num_classes_per_partition;
  if (count < 1 || count > classes) {
    return UsageError(fmt::format("partition.num_classes_per_partition = {}: it must be 1 to {}, "
                                  "the number of classes "
                                  "in the examples to deal",
                                  count, classes))
        .About("partition.num_classes_per_partition");
  }
  const std::string& mode = options.class_assignment_mode;
  if (mode != "random" && mode != "deterministic" && mode != "first-deterministic") {
    return UsageError(fmt::format("partition.class_assignment_mode = '{}': no such mode", mode),
                      "choose one of: random, deterministic, first-deterministic")
        .About("partition.class_assignment_mode");
  }
  Assignment assignment(request.nodes);
  Random random(Derive(request.key, 0));
  for (std::size_t node = 0; node < request.nodes; ++node) {
    const std::size_t own = node % classes;
    if (mode == "deterministic") {
      for (std::size_t i = 0; i < count; ++i) assignment[node].push_back((own + i) % classes);
    } else if (mode == "first-deterministic") {
      assignment[node] = DrawClasses(classes, count, own, random);
    } else {
      assignment[node] = DrawClasses(classes, count, std::nullopt, random);
    }
  }
  return assignment;
}

Error TooFew(std::int32_t label, std::size_t holders, std::size_t examples,
             const PartitionOptions& options) {
  return UsageError(fmt::format("partition.num_classes_per_partition = {}: class {} goes to {}, "
                                "but there are only {} "
                                "of it to deal",
                                options.num_classes_per_partition, label, Count(holders, "node"),
                                Count(examples, "example")),
                    "lower it or nodes.count, deal more examples, or use "
                    "partition.class_assignment_mode = "
                    "deterministic")
      .About("partition.num_classes_per_partition");
}

}  // namespace

Result<Partition> DealPathological(const PartitionRequest& request) {
  auto present = ByClass(request);
  // A class may be declared and have no example in the pool: nobody could be given it.
  std::erase_if(present, [](const auto& examples) { return examples.empty(); });
  DELSTEP_ASSIGN(const Assignment assignment, AssignClasses(request, present.size()));

  // The other way round: who shares each class.
  std::vector<std::vector<std::size_t>> holders(present.size());
  for (std::size_t node = 0; node < request.nodes; ++node)
    for (const std::size_t c : assignment[node]) holders[c].push_back(node);

  Partition partition(request.nodes);
  for (std::size_t c = 0; c < present.size(); ++c) {
    if (holders[c].empty()) continue;
    if (holders[c].size() > present[c].size()) {
      return TooFew(request.labels[present[c].front()], holders[c].size(), present[c].size(),
                    *request.options);
    }
    const Partition runs = DealRuns(present[c], EqualSizes(present[c].size(), holders[c].size()));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      auto& list = partition[holders[c][i]];
      list.insert(list.end(), runs[i].begin(), runs[i].end());
    }
  }
  ShuffleEach(Derive(request.key, 1), partition);
  return partition;
}

}  // namespace delstep
