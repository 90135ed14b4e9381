#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "python/native/errors.h"
#include "python/native/part_call.h"

namespace delstep {
namespace {

namespace py = pybind11;

/// The numbers of one node's list; an error says what else it has.
Result<std::vector<std::uint32_t>> NumbersOf(const py::handle list, std::size_t examples,
                                             const std::string& who) {
  const auto any = py::array::ensure(list);
  constexpr std::string_view kHint = "return one list of numbers of request.pool per node";
  const bool whole =
      any && (any.size() == 0 || any.dtype().kind() == 'i' || any.dtype().kind() == 'u');
  if (!whole)
    return UsageError(fmt::format("{}: {} is no list of whole numbers", who,
                                  TextOf(py::repr(list)[py::slice(0, 100, 1)])),
                      std::string(kHint));
  const py::array_t<std::int64_t, py::array::c_style | py::array::forcecast> numbers(any);
  std::vector<std::uint32_t> read;
  for (py::ssize_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t number = numbers.data()[i];
    if (number < 0 || static_cast<std::uint64_t>(number) >= examples)
      return UsageError(fmt::format("{}: there is no example {}; the data set has {}, from 0 on",
                                    who, number, examples),
                        std::string(kHint));
    read.push_back(static_cast<std::uint32_t>(number));
  }
  return read;
}

Result<Partition> CheckedLists(const py::object& result, const PartitionRequest& request,
                               const std::string& who) {
  Partition lists;
  for (const py::handle list : result) {
    DELSTEP_ASSIGN(auto numbers, NumbersOf(list, request.labels.size(), who));
    lists.push_back(std::move(numbers));
  }
  if (lists.size() != request.nodes)
    return UsageError(
        fmt::format("{}: it returns {} lists for {} nodes", who, lists.size(), request.nodes),
        "return one list of examples per node");
  enum class Where : unsigned char { kElsewhere, kInPool, kDealt };
  std::vector<Where> where(request.labels.size(), Where::kElsewhere);
  for (const std::uint32_t example : request.pool) where[example] = Where::kInPool;
  for (const auto& examples : lists)
    for (const std::uint32_t example : examples) {
      if (where[example] == Where::kDealt)
        return UsageError(fmt::format("{}: example {} is dealt twice", who, example),
                          "deal each number of request.pool at most once");
      if (where[example] == Where::kElsewhere)
        return UsageError(fmt::format("{}: example {} is not in the pool", who, example),
                          "deal numbers of request.pool alone");
      where[example] = Where::kDealt;
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
  auto dealt = CallGuarded(host, who, [&] {
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
  });
  if (!dealt) return std::move(dealt).error().About("partition.name");
  return dealt;
}

}  // namespace delstep
