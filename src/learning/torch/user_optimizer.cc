#include "learning/torch/user_optimizer.h"

#include <functional>
#include <type_traits>

namespace delstep {
namespace {

using torch::optim::OptimizerParamState;

/// What an optimizer keeps of each parameter, and the way there and back.
struct Keeping {
  OptimizerState state;
  std::function<std::unique_ptr<OptimizerParamState>(std::vector<torch::Tensor>, std::int64_t)>
      make;
  std::function<std::vector<torch::Tensor>(const OptimizerParamState&)> moments;
};

template <class State>
Keeping KeepAdam(bool amsgrad) {
  Keeping keeping{{{".exp_avg", ".exp_avg_sq"}, true}, {}, {}};
  if (amsgrad) keeping.state.moments.push_back(".max_exp_avg_sq");
  keeping.make = [amsgrad](std::vector<torch::Tensor> moments, std::int64_t steps) {
    auto state = std::make_unique<State>();
    state->step(steps);
    state->exp_avg(moments[0]);
    state->exp_avg_sq(moments[1]);
    if (amsgrad) state->max_exp_avg_sq(moments[2]);
    return state;
  };
  keeping.moments = [amsgrad](const OptimizerParamState& base) {
    const auto& state = static_cast<const State&>(base);
    std::vector<torch::Tensor> moments = {state.exp_avg(), state.exp_avg_sq()};
    if (amsgrad) moments.push_back(state.max_exp_avg_sq());
    return moments;
  };
  return keeping;
}

Keeping KeepSgd(double momentum) {
  Keeping keeping;
  if (momentum == 0) return keeping;
  using State = torch::optim::SGDParamState;
  keeping.state.moments = {".momentum_buffer"};
  keeping.make = [](std::vector<torch::Tensor> moments, std::int64_t) {
    auto state = std::make_unique<State>();
    state->momentum_buffer(moments[0]);
    return state;
  };
  keeping.moments = [](const OptimizerParamState& base) {
    return std::vector<torch::Tensor>{static_cast<const State&>(base).momentum_buffer()};
  };
  return keeping;
}

Keeping KeepRmsprop(bool moving, bool centered) {
  using State = torch::optim::RMSpropParamState;
  Keeping keeping{{{".square_avg"}, true}, {}, {}};
  if (moving) keeping.state.moments.push_back(".momentum_buffer");
  if (centered) keeping.state.moments.push_back(".grad_avg");
  keeping.make = [=](std::vector<torch::Tensor> moments, std::int64_t steps) {
    auto state = std::make_unique<State>();
    state->step(steps);
    state->square_avg(moments[0]);
    if (moving) state->momentum_buffer(moments[1]);
    if (centered) state->grad_avg(moments.back());
    return state;
  };
  keeping.moments = [=](const OptimizerParamState& base) {
    const auto& state = static_cast<const State&>(base);
    std::vector<torch::Tensor> moments = {state.square_avg()};
    if (moving) moments.push_back(state.momentum_buffer());
    if (centered) moments.push_back(state.grad_avg());
    return moments;
  };
  return keeping;
}

Keeping KeepAdagrad() {
  using State = torch::optim::AdagradParamState;
  Keeping keeping{{{".sum"}, true}, {}, {}};
  keeping.make = [](std::vector<torch::Tensor> moments, std::int64_t steps) {
    auto state = std::make_unique<State>();
    state->step(steps);
    state->sum(moments[0]);
    return state;
  };
  keeping.moments = [](const OptimizerParamState& base) {
    return std::vector<torch::Tensor>{static_cast<const State&>(base).sum()};
  };
  return keeping;
}

Result<Keeping> KeepingOfGroup(const torch::optim::Optimizer& optimizer,
                               const torch::optim::OptimizerParamGroup& group) {
  using namespace torch::optim;
  const OptimizerOptions& options = group.options();
  if (dynamic_cast<const Adam*>(&optimizer))
    return KeepAdam<AdamParamState>(static_cast<const AdamOptions&>(options).amsgrad());
  if (dynamic_cast<const AdamW*>(&optimizer))
    return KeepAdam<AdamWParamState>(static_cast<const AdamWOptions&>(options).amsgrad());
  if (dynamic_cast<const SGD*>(&optimizer)) {
    const auto& sgd = static_cast<const SGDOptions&>(options);
    if (sgd.momentum() != 0 && sgd.dampening() != 0)
      return UsageError("the model's optimizer is an SGD with dampening", "set dampening to 0");
    return KeepSgd(sgd.momentum());
  }
  if (dynamic_cast<const RMSprop*>(&optimizer)) {
    const auto& rmsprop = static_cast<const RMSpropOptions&>(options);
    return KeepRmsprop(rmsprop.momentum() > 0, rmsprop.centered());
  }
  if (dynamic_cast<const Adagrad*>(&optimizer)) {
    if (static_cast<const AdagradOptions&>(options).initial_accumulator_value() != 0)
      return UsageError(
          "the model's optimizer is an Adagrad whose accumulator does not begin at 0");
    return KeepAdagrad();
  }
  return UsageError("the model's optimizer is of a kind whose state has no place in rows",
                    "take an SGD, Adam, AdamW, RMSprop or Adagrad of torch::optim");
}

Result<Keeping> KeepingOf(const torch::optim::Optimizer& optimizer) {
  const auto& groups = optimizer.param_groups();
  if (groups.empty()) return UsageError("the model's optimizer has no parameters");
  DELSTEP_ASSIGN(Keeping keeping, KeepingOfGroup(optimizer, groups[0]));
  for (const auto& group : groups) {
    DELSTEP_ASSIGN(const Keeping other, KeepingOfGroup(optimizer, group));
    if (other.state.moments != keeping.state.moments)
      return UsageError("the groups of the model's optimizer differ in what they keep",
                        "give all momentum, or none");
  }
  return keeping;
}

/// Versions of LibTorch differ in the key of an optimizer's state.
template <class Map>
typename Map::key_type KeyOf(const torch::Tensor& parameter) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>)
    return c10::guts::to_string(parameter.unsafeGetTensorImpl());
  else
    return parameter.unsafeGetTensorImpl();
}

auto& StateOf(torch::optim::Optimizer& optimizer, const torch::Tensor& parameter) {
  auto& states = optimizer.state();
  return states[KeyOf<std::remove_reference_t<decltype(states)>>(parameter)];
}

}  // namespace

Result<OptimizerState> DescribeOptimizer(const torch::optim::Optimizer& optimizer) {
  DELSTEP_ASSIGN(Keeping keeping, KeepingOf(optimizer));
  return std::move(keeping.state);
}

std::string OptimizerName(const torch::optim::Optimizer& optimizer) {
  using namespace torch::optim;
  if (dynamic_cast<const Adam*>(&optimizer)) return "Adam";
  if (dynamic_cast<const AdamW*>(&optimizer)) return "AdamW";
  if (dynamic_cast<const SGD*>(&optimizer)) return "SGD";
  if (dynamic_cast<const RMSprop*>(&optimizer)) return "RMSprop";
  if (dynamic_cast<const Adagrad*>(&optimizer)) return "Adagrad";
  return "optimizer";
}

std::vector<double> RatesOf(const torch::optim::Optimizer& optimizer) {
  std::vector<double> rates;
  for (const auto& group : optimizer.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

UserOptimizer::UserOptimizer(Net& net, const NetBinding& binding, const TrainOptions& options,
                             const OptimizerState& kept, std::int64_t steps,
                             std::optional<double> own_rate)
    : optimizer_(net.MakeOptimizer(binding.Trained(), options)), trained_(binding.Trained()) {
  TORCH_CHECK(optimizer_, "the model made no optimizer, although it did before");
  const double rate = options.learning_rate;
  if (own_rate && rate != *own_rate)
    for (auto& group : optimizer_->param_groups())
      group.options().set_lr(*own_rate == 0 ? rate : group.options().get_lr() * rate / *own_rate);
  const auto keeping = KeepingOf(*optimizer_);
  TORCH_CHECK(keeping.ok(), keeping.error().message);
  const std::vector<std::string>& moments = keeping->state.moments;
  TORCH_CHECK(moments == kept.moments,
              "the model's optimizer keeps something else of a parameter than when the run began");
  for (std::size_t p = 0; p < trained_.size(); ++p) {
    auto& views = moments_.emplace_back();
    for (std::size_t m = 0; m < moments.size(); ++m) views.push_back(binding.Moment(m, p));
    if (keeping->make) StateOf(*optimizer_, trained_[p]) = keeping->make(views, steps);
  }
}

void UserOptimizer::Step() { optimizer_->step(); }

void UserOptimizer::Finish() {
  const auto keeping = KeepingOf(*optimizer_);
  if (!keeping || !keeping->make) return;
  const torch::NoGradGuard no_grad;
  for (std::size_t p = 0; p < trained_.size(); ++p) {
    const auto now = keeping->moments(*StateOf(*optimizer_, trained_[p]));
    for (std::size_t m = 0; m < now.size(); ++m)
      if (now[m].data_ptr() != moments_[p][m].data_ptr()) moments_[p][m].copy_(now[m]);
  }
}

}  // namespace delstep
