#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "python/native/part_call.h"

namespace delstep {
namespace {

namespace py = pybind11;

Result<Partition> CheckedLists(const py::object& result, const PartitionRequest& request,
                               const std::string& who) {
  Partition lists;
  for (const py::handle list : result) {
    const py::array_t<std::int64_t, py::array::c_style | py::array::forcecast> numbers(
        py::reinterpret_borrow<py::object>(list));
    auto& examples = lists.emplace_back();
    for (py::ssize_t i = 0; i < numbers.size(); ++i)
      examples.push_back(static_cast<std::uint32_t>(numbers.data()[i]));
  }
  if (lists.size() != request.nodes)
    return UsageError(
        fmt::format("{}: it returns {} lists for {} nodes", who, lists.size(), request.nodes),
        "return one list of examples per node");
  std::vector<bool> free(request.labels.size());
  for (const std::uint32_t example : request.pool) free[example] = true;
  for (const auto& examples : lists)
    for (const std::uint32_t example : examples) {
      if (example >= free.size() || !free[example])
        return UsageError(fmt::format("{}: example {} is dealt twice, or is not in the pool", who,
                                      static_cast<std::int32_t>(example)),
                          "deal each number of request.pool at most once");
      free[example] = false;
    }
  return lists;
}

template <class T>
py::array_t<T> CopyOf(std::span<const T> values) {
  return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

}  // namespace

Result<Partition> DealInPython(const py::object& part, PartHost& host,
                               const PartitionRequest& request) {
  const py::gil_scoped_acquire lock;
  const std::string who = fmt::format("partitioner '{}'", part.attr("name").cast<std::string>());
  try {
    using namespace py::literals;
    const PartitionOptions& options = *request.options;
    py::list sources;
    for (const std::string& name : request.source_names) sources.append(name);
    return CheckedLists(
        part.attr("deal")(
            "labels"_a = CopyOf(request.labels), "classes"_a = request.classes,
            "pool"_a = CopyOf(request.pool), "nodes"_a = request.nodes,
            "sources"_a = CopyOf(request.sources), "source_names"_a = sources,
            "alpha"_a = options.alpha, "weight"_a = options.weight,
            "num_classes_per_partition"_a = options.num_classes_per_partition,
            "partition_sizes"_a = options.partition_sizes,
            "seed"_a = std::vector<std::uint64_t>{request.key.seed, request.key.stream}),
        request, who);
  } catch (py::error_already_set& error) {
    return host.Keep(error, who).About("partition.name");
  }
}

}  // namespace delstep
