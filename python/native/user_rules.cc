#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "python/native/part_call.h"

namespace delstep {
namespace {

namespace py = pybind11;
using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Floats = py::array_t<float, py::array::c_style | py::array::forcecast>;

/// What a rule is shown: the models as one array, a row per model, the node's own first.
class ShownModels {
 public:
  ShownModels(std::span<const PeerModel> models, const EmbeddedRun& run)
      : models_(models), run_(run) {}

  /// The call has ended: what was not copied is not there any more.
  void Close() { open_ = false; }

  std::size_t size() const { return models_.size(); }
  std::vector<std::string> nodes() const {
    Require();
    std::vector<std::string> nodes;
    for (const PeerModel& peer : models_) nodes.push_back(run_.simulation().AddressOf(peer.node));
    return nodes;
  }
  py::array_t<std::int64_t> examples() const {
    return Column([](const PeerModel& peer) { return static_cast<std::int64_t>(peer.samples); });
  }
  py::array_t<std::int64_t> degrees() const {
    return Column([](const PeerModel& peer) { return std::int64_t{peer.degree}; });
  }
  const Floats& values() {
    if (values_) return *values_;
    Require();
    const std::size_t floats = models_.front().model.size();
    values_.emplace(std::vector<std::size_t>{models_.size(), floats});
    float* row = values_->mutable_data();
    for (const PeerModel& peer : models_) row = std::ranges::copy(peer.model, row).out;
    return *values_;
  }
  py::dict tensors(std::ptrdiff_t place) {
    const auto count = static_cast<std::ptrdiff_t>(models_.size());
    if (place < 0) place += count;
    if (place < 0 || place >= count)
      throw py::index_error(fmt::format("{} models are shown", count));
    const Floats& all = values();
    return TensorsOf(Layout(), all.data(place, 0), all);
  }
  const RowLayout& Layout() const {
    Require();
    return run_.simulation().model_layout().model;
  }

 private:
  void Require() const {
    if (!open_)
      throw std::runtime_error(
          "these models were shown to a rule whose call has ended: copy what "
          "you need while it runs");
  }
  template <class Value>
  py::array_t<std::int64_t> Column(Value value) const {
    Require();
    py::array_t<std::int64_t> column(static_cast<py::ssize_t>(models_.size()));
    for (std::size_t k = 0; k < models_.size(); ++k) column.mutable_data()[k] = value(models_[k]);
    return column;
  }

  const std::span<const PeerModel> models_;
  const EmbeddedRun& run_;
  bool open_ = true;
  std::optional<Floats> values_;
};

/// A rule of one of the three kinds: calls the function, and makes a Result of what comes of it.
class PythonRule {
 public:
  PythonRule(const py::object& part, PartHost& host)
      : host_(host),
        name_(fmt::format("aggregation rule '{}'", part.attr("name").cast<std::string>())),
        sees_(part.attr("sees").cast<std::string>() == "guestbook"
                  ? AggregationRule::Sees::kEncounters
                  : AggregationRule::Sees::kInbox),
        function_(Shared(part.attr("function"))) {}

  AggregationRule::Sees sees() const { return sees_; }
  const std::string& name() const { return name_; }

  /// `take(result, shown)` takes over what the function has returned, and returns a Result.
  template <class Take>
  auto Call(std::span<const PeerModel> models, Take take) const
      -> decltype(take(py::object(), std::declval<ShownModels&>())) {
    const py::gil_scoped_acquire lock;
    const InsidePart inside(host_);
    const auto shown = std::make_shared<ShownModels>(models, *host_.run);
    const ShownOnce once(*shown);
    auto taken = CallGuarded(host_, name_, [&] { return take((*function_)(shown), *shown); });
    // An aggregation whose rule fails changes nothing, but the command may have done more.
    if (!taken) host_.EndByFailure(taken.error());
    return taken;
  }

 private:
  PartHost& host_;
  const std::string name_;
  const AggregationRule::Sees sees_;
  const SharedObject function_;
};

class PythonWeights final : public WeightRule {
 public:
  explicit PythonWeights(PythonRule rule) : rule_(std::move(rule)) {}
  Sees sees() const override { return rule_.sees(); }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    return rule_.Call(models, [&](const py::object& result, ShownModels&) -> Result<void> {
      RequireReal(result, "the list of weights");
      const Numbers given(result);
      if (given.ndim() != 1 || static_cast<std::size_t>(given.size()) != weights.size())
        return Refused(fmt::format("{}: it must return {} weights, one per model, in one list",
                                   rule_.name(), weights.size()));
      double sum = 0;
      for (std::size_t k = 0; k < weights.size(); ++k) sum += weights[k] = given.data()[k];
      if (!(std::abs(sum - 1) < 1e-6))
        return Refused(fmt::format("{}: its {} weights sum to {}, not to 1", rule_.name(),
                                   weights.size(), sum),
                       "divide them by their sum");
      // What single precision has left over.
      for (double& weight : weights) weight /= sum;
      return {};
    });
  }
  const PythonRule rule_;
};

class PythonSelection final : public SelectionRule {
 public:
  explicit PythonSelection(PythonRule rule) : rule_(std::move(rule)) {}
  Sees sees() const override { return rule_.sees(); }

 private:
  Result<std::size_t> DoSelect(std::span<const PeerModel> models) const override {
    return rule_.Call(models, [&](const py::object& result, ShownModels&) -> Result<std::size_t> {
      const auto place = py::int_(result).cast<std::int64_t>();
      if (place < 0 || static_cast<std::size_t>(place) >= models.size())
        return Refused(
            fmt::format("{}: it chooses model {} of {}", rule_.name(), place, models.size()),
            fmt::format("return a number from 0 to {}", models.size() - 1));
      return static_cast<std::size_t>(place);
    });
  }
  const PythonRule rule_;
};

class PythonMerge final : public MergeRule {
 public:
  explicit PythonMerge(PythonRule rule) : rule_(std::move(rule)) {}
  Sees sees() const override { return rule_.sees(); }

 private:
  Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const override {
    return rule_.Call(models, [&](const py::object& result, ShownModels& shown) -> Result<void> {
      if (py::isinstance<py::dict>(result)) {
        std::ranges::copy(models.front().model, out.begin());
        TakeTensors(shown.Layout(), py::dict(result), out.data());
      } else {
        RequireReal(result, "the result");
        const Floats given(result);
        if (given.ndim() != 1 || static_cast<std::size_t>(given.size()) != out.size())
          return Refused(
              fmt::format("{}: it must return {} numbers, as long as a row of "
                          "models.values, or a dict of tensors",
                          rule_.name(), out.size()));
        std::copy_n(given.data(), out.size(), out.begin());
      }
      return RequireFinite(out);
    });
  }
  Result<void> RequireFinite(std::span<const float> out) const {
    for (std::size_t c = 0; c < out.size(); ++c)
      if (!std::isfinite(out[c]))
        return Refused(
            fmt::format("{}: number {} of {} is {}", rule_.name(), c, out.size(), out[c]),
            "return finite numbers");
    return {};
  }
  const PythonRule rule_;
};

}  // namespace

Aggregator MakePythonRule(const py::object& part, PartHost& host) {
  PythonRule rule(part, host);
  const auto kind = part.attr("returns").cast<std::string>();
  if (kind == "choose") return std::make_unique<PythonSelection>(std::move(rule));
  if (kind == "merge") return std::make_unique<PythonMerge>(std::move(rule));
  return std::make_unique<PythonWeights>(std::move(rule));
}

void BindModels(py::module_& module) {
  py::class_<ShownModels, std::shared_ptr<ShownModels>>(module, "Models")
      .def("__len__", &ShownModels::size)
      .def("__getitem__", &ShownModels::tensors)
      .def_property_readonly("nodes", &ShownModels::nodes)
      .def_property_readonly("examples", &ShownModels::examples)
      .def_property_readonly("degrees", &ShownModels::degrees)
      .def_property_readonly("values", &ShownModels::values);
}

}  // namespace delstep
