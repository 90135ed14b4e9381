#include "learning/torch/net_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace delstep {
namespace {

constexpr std::size_t kWordsOfRaw = 2;

std::string_view DtypeName(const torch::Tensor& tensor) {
  return c10::toString(tensor.scalar_type());
}

/// Adds tensors to groups; finds tied ones.
/// Names come from the net, places from memory: tied tensors have several names and one place.
class Collector {
 public:
  explicit Collector(c10::Device device) : device_(device) {}

  Result<void> Add(NamedTensor named, std::vector<TensorGroup>& groups) {
    const torch::Tensor& tensor = named.tensor;
    if (!tensor.defined() || !identities_.insert(tensor.unsafeGetTensorImpl()).second) return {};
    const bool is_near = tensor.device().is_cpu() || tensor.device() == device_;
    if (!is_near || tensor.layout() != c10::kStrided)
      return UsageError(
          fmt::format("the model's tensor '{}' is not an ordinary one in main memory", named.name));
    if (tensor.numel() > 0)
      if (const auto twin = places_.find(tensor.data_ptr()); twin != places_.end()) {
        TensorGroup& group = (*twin->second.groups)[twin->second.index];
        if (&groups != twin->second.groups || group.tensors[0].sizes() != tensor.sizes() ||
            group.tensors[0].strides() != tensor.strides())
          return UsageError(
              fmt::format("the model's tensors '{}' and '{}' share memory", group.name, named.name),
              "tie whole tensors of one shape, or copy");
        group.tensors.push_back(tensor);
        return {};
      }
    if (!names_.insert(named.name).second)
      return UsageError(fmt::format("the model has two tensors named '{}'", named.name));
    if (tensor.numel() > 0) places_[tensor.data_ptr()] = {&groups, groups.size()};
    groups.push_back({std::move(named.name), {tensor}});
    return {};
  }

  /// Each tensor must end before the next one begins.
  Result<void> CheckOverlap() const {
    const char* end = nullptr;
    const std::string* before = nullptr;
    for (const auto& [begin, place] : places_) {
      const TensorGroup& group = (*place.groups)[place.index];
      if (static_cast<const char*>(begin) < end)
        return UsageError(
            fmt::format("the model's tensors '{}' and '{}' share memory", *before, group.name),
            "tie whole tensors of one shape, or copy");
      const torch::Tensor& tensor = group.tensors[0];
      std::int64_t last = 0;
      for (std::int64_t d = 0; d < tensor.dim(); ++d)
        last += (tensor.size(d) - 1) * tensor.stride(d);
      end = static_cast<const char*>(begin) +
            static_cast<std::size_t>(last + 1) * tensor.element_size();
      before = &group.name;
    }
    return {};
  }

 private:
  struct Place {
    std::vector<TensorGroup>* groups = nullptr;
    std::size_t index = 0;
  };
  const c10::Device device_;
  std::set<const void*> identities_;
  std::set<std::string> names_;
  std::map<const void*, Place> places_;
};

std::vector<std::int64_t> ShapeOf(const TensorGroup& group) {
  return group.tensors[0].sizes().vec();
}

/// The same tensors at other names: a view of a row.
torch::Tensor ViewOf(const torch::Tensor& row, const TensorSpec& spec) {
  const bool raw = spec.role == TensorSpec::Role::kRaw;
  const auto offset = static_cast<std::int64_t>(spec.offset / (raw ? kWordsOfRaw : 1));
  const auto length = static_cast<std::int64_t>(spec.floats / (raw ? kWordsOfRaw : 1));
  return row.narrow(0, offset, length).view(spec.shape);
}

}  // namespace

Result<NetTensors> CollectTensors(Net& net, const Placement& placement) {
  NetTensors tensors;
  Collector collector(placement.device);
  for (NamedTensor& named : net.Parameters()) {
    if (named.tensor.defined() && named.tensor.scalar_type() != torch::kFloat)
      return UsageError(fmt::format("the model's parameter '{}' is of type {}", named.name,
                                    DtypeName(named.tensor)),
                        "parameters must be float32");
    auto& groups = named.tensor.requires_grad() ? tensors.trained : tensors.carried;
    DELSTEP_TRY(collector.Add(std::move(named), groups));
  }
  for (NamedTensor& named : net.Buffers()) {
    if (!named.tensor.defined()) continue;
    const auto type = named.tensor.scalar_type();
    if (type != torch::kFloat && type != torch::kLong)
      return UsageError(
          fmt::format("the model's buffer '{}' is of type {}", named.name, DtypeName(named.tensor)),
          "buffers must be float32 or int64");
    auto& groups = type == torch::kFloat ? tensors.carried : tensors.raw;
    DELSTEP_TRY(collector.Add(std::move(named), groups));
  }
  DELSTEP_TRY(collector.CheckOverlap());
  if (tensors.trained.empty()) return UsageError("the model has no parameter to train");
  return tensors;
}

NetLayout LayOut(const NetTensors& tensors, OptimizerState optimizer) {
  NetLayout layout;
  RowLayout &model = layout.rows.model, &state = layout.rows.state;
  for (const TensorGroup& group : tensors.trained)
    model.Append(group.name, ShapeOf(group), TensorSpec::Role::kParameter);
  layout.trained = model.floats;
  for (const TensorGroup& group : tensors.carried)
    model.Append(group.name, ShapeOf(group), TensorSpec::Role::kBuffer);
  for (const std::string& moment : optimizer.moments)
    for (const TensorGroup& group : tensors.trained)
      state.Append(group.name + moment, ShapeOf(group), TensorSpec::Role::kMoment);
  layout.step = state.floats;
  if (optimizer.counts_steps) state.Append("step", {}, TensorSpec::Role::kRaw);
  for (const TensorGroup& group : tensors.raw)
    state.Append(group.name, ShapeOf(group), TensorSpec::Role::kRaw);
  layout.optimizer = std::move(optimizer);
  return layout;
}

NetBinding::NetBinding(Net& net, NetTensors tensors, const NetLayout& layout,
                       const Placement& placement)
    : net_(net),
      layout_(layout),
      device_(placement.device),
      tensors_(std::move(tensors)),
      model_(layout.rows.model.floats),
      state_(layout.rows.state.floats) {
  float* gradient = nullptr;
  if (placement.copies) {
    on_device_ =
        torch::zeros({static_cast<std::int64_t>(model_.size() + state_.size() + layout.trained)},
                     torch::TensorOptions(torch::kFloat).device(device_));
    home_model_ = on_device_.data_ptr<float>();
    home_state_ = home_model_ + model_.size();
    gradient = home_state_ + state_.size();
  } else {
    gradient_ = AlignedFloats(layout.trained);
    home_model_ = model_.data();
    home_state_ = state_.data();
    gradient = gradient_.data();
  }
  model_row_ = RowOver(home_model_, model_.size(), torch::kFloat);
  state_row_ = RowOver(home_state_, state_.size(), torch::kLong);
  gradient_row_ = RowOver(gradient, layout.trained, torch::kFloat);
  moment_row_ = state_row_.view(torch::kFloat);
  const std::span model_specs(layout.rows.model.tensors);
  const std::span state_specs(layout.rows.state.tensors);
  Arrange(tensors_.trained, model_specs, model_row_);
  Arrange(tensors_.carried, model_specs.subspan(tensors_.trained.size()), model_row_);
  Arrange(tensors_.raw, state_specs.last(tensors_.raw.size()), state_row_);
  for (std::size_t i = 0; i < tensors_.trained.size(); ++i) ShowGradient(i);
  if (!placement.copies) return;
  const torch::NoGradGuard no_grad;
  const auto keep = [](AlignedFloats& here, const torch::Tensor& row) {
    torch::from_blob(here.data(), row.sizes(), torch::kFloat).copy_(row);
  };
  keep(model_, model_row_);
  keep(state_, moment_row_);
}

torch::Tensor NetBinding::RowOver(float* memory, std::size_t words, torch::Dtype type) const {
  const std::size_t length = type == torch::kLong ? words / kWordsOfRaw : words;
  const auto options = torch::TensorOptions(type).device(device_);
  // Of no memory LibTorch could not tell the device.
  if (length == 0) return torch::empty({0}, options);
  return torch::from_blob(memory, {static_cast<std::int64_t>(length)}, options);
}

/// Lets a storage of LibTorch lie in memory that is not its own, with nothing to free at the end.
void NetBinding::Point(const torch::Tensor& row, void* memory) const {
  row.storage().unsafeGetStorageImpl()->set_data_ptr_noswap(c10::DataPtr(memory, device_));
}

bool NetBinding::HasGradient(std::size_t trained) const {
  const torch::NoGradGuard no_grad;
  return ViewOf(gradient_row_, layout_.rows.model.tensors[trained]).any().item<bool>();
}

torch::Tensor NetBinding::Moment(std::size_t moment, std::size_t trained) const {
  return ViewOf(moment_row_,
                layout_.rows.state.tensors[moment * tensors_.trained.size() + trained]);
}

void NetBinding::SetSteps(std::int64_t steps) {
  const torch::NoGradGuard no_grad;
  state_row_.select(0, static_cast<std::int64_t>(layout_.step / kWordsOfRaw)).fill_(steps);
}

void NetBinding::HideGradient(std::size_t trained) {
  for (torch::Tensor& tensor : tensors_.trained[trained].tensors) tensor.mutable_grad().reset();
}

void NetBinding::ShowGradient(std::size_t trained) {
  for (torch::Tensor& tensor : tensors_.trained[trained].tensors)
    tensor.mutable_grad() = ViewOf(gradient_row_, layout_.rows.model.tensors[trained]);
}

std::vector<std::size_t> NetBinding::WithoutGradient(const std::function<void()>& backward) {
  // A gradient of zeros and none at all differ only where none lies ready.
  for (std::size_t i = 0; i < tensors_.trained.size(); ++i) HideGradient(i);
  backward();
  std::vector<std::size_t> without;
  for (std::size_t i = 0; i < tensors_.trained.size(); ++i) {
    if (std::ranges::none_of(tensors_.trained[i].tensors,
                             [](const torch::Tensor& tensor) { return tensor.grad().defined(); }))
      without.push_back(i);
    ShowGradient(i);
  }
  return without;
}

void NetBinding::Arrange(std::vector<TensorGroup>& groups, std::span<const TensorSpec> specs,
                         const torch::Tensor& row) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const torch::Tensor view = ViewOf(row, specs[i]);
    view.copy_(groups[i].tensors[0]);
    for (torch::Tensor& tensor : groups[i].tensors) tensor.set_data(view);
  }
}

void NetBinding::Bind(std::span<float> model, std::span<float> state) {
  Point(model_row_, model.data());
  Point(state_row_, state.data());
}

void NetBinding::BindToRead(std::span<const float> model) {
  Point(model_row_, const_cast<float*>(model.data()));
}

void NetBinding::Unbind() {
  Point(model_row_, home_model_);
  Point(state_row_, home_state_);
}

void NetBinding::Finish() {
  const torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> now;
  for (NamedTensor& named : net_.Buffers()) now[named.name] = std::move(named.tensor);
  const std::size_t trained = tensors_.trained.size();
  const auto bring_home = [&](TensorGroup& group, const TensorSpec& spec, torch::Tensor& row) {
    const auto found = now.find(group.name);
    if (found == now.end() || found->second.is_same(group.tensors[0])) return;
    torch::Tensor& replaced = found->second;
    TORCH_CHECK(replaced.defined() && replaced.sizes() == torch::IntArrayRef(spec.shape) &&
                    replaced.scalar_type() == row.scalar_type(),
                "the model has replaced its buffer '", spec.name,
                "' by one of another shape or type");
    torch::Tensor view = ViewOf(row, spec);
    view.copy_(replaced);
    replaced.set_data(view);
    group.tensors = {replaced};
  };
  for (std::size_t i = 0; i < tensors_.carried.size(); ++i)
    bring_home(tensors_.carried[i], layout_.rows.model.tensors[trained + i], model_row_);
  const auto& state = layout_.rows.state.tensors;
  for (std::size_t i = 0; i < tensors_.raw.size(); ++i)
    bring_home(tensors_.raw[i], state[state.size() - tensors_.raw.size() + i], state_row_);
  Unbind();
}

std::vector<torch::Tensor> NetBinding::Trained() const {
  std::vector<torch::Tensor> trained;
  for (const TensorGroup& group : tensors_.trained) trained.push_back(group.tensors[0]);
  return trained;
}

}  // namespace delstep
