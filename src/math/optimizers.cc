#include "math/optimizers.h"

#include <fmt/format.h>

#include <cmath>

namespace delstep {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kAlpha = 0.99, kEpsilon = 1e-8;

/// By squaring: the C library's pow gives other last bits on other machines.
double Power(double base, std::int64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) power *= base;
  return power;
}

void UpdateSgd(const Kernels& kernels, const TrainOptions& options, const FlatParameters& p) {
  const SgdUpdate update{
      .rate = static_cast<float>(options.learning_rate),
      .weight_decay = static_cast<float>(options.weight_decay),
      .momentum = static_cast<float>(options.momentum),
  };
  (options.momentum == 0 ? kernels.sgd : kernels.sgd_momentum)(update, p);
}

void UpdateAdam(const Kernels& kernels, const TrainOptions& options, double weight_decay,
                std::int64_t steps, const FlatParameters& p) {
  const double correction1 = 1 - Power(kBeta1, steps);
  const double correction2 = 1 - Power(kBeta2, steps);
  const AdamUpdate update{
      .weight_decay = static_cast<float>(weight_decay),
      .beta1 = static_cast<float>(kBeta1),
      .beta2 = static_cast<float>(kBeta2),
      .rest1 = static_cast<float>(1 - kBeta1),
      .rest2 = static_cast<float>(1 - kBeta2),
      .step_size = static_cast<float>(options.learning_rate / correction1),
      .root_scale = static_cast<float>(1 / std::sqrt(correction2)),
      .epsilon = static_cast<float>(kEpsilon),
  };
  kernels.adam(update, p);
}

/// The decay comes first and by itself, as in torch.optim.AdamW: it never enters the moments.
void UpdateAdamw(const Kernels& kernels, const TrainOptions& options, std::int64_t steps,
                 const FlatParameters& p) {
  const double kept = 1 - options.learning_rate * options.weight_decay;
  if (kept != 1) kernels.scale(p.size, static_cast<float>(kept), p.weights);
  UpdateAdam(kernels, options, 0, steps, p);
}

void UpdateRmsprop(const Kernels& kernels, const TrainOptions& options, const FlatParameters& p) {
  const RmspropUpdate update{
      .rate = static_cast<float>(options.learning_rate),
      .weight_decay = static_cast<float>(options.weight_decay),
      .momentum = static_cast<float>(options.momentum),
      .alpha = static_cast<float>(kAlpha),
      .rest = static_cast<float>(1 - kAlpha),
      .epsilon = static_cast<float>(kEpsilon),
  };
  (options.momentum == 0 ? kernels.rmsprop : kernels.rmsprop_momentum)(update, p);
}

}  // namespace

Result<UpdateRule> ChooseRule(const TrainingOptions& options) {
  const bool moving = options.momentum != 0;
  // SGD and RMSprop with momentum need a moment more, so they are other rules: the layout of the
  // state row follows from the rule.
  if (options.optimizer == "adam") return UpdateRule::kAdam;
  if (options.optimizer == "adamw") return UpdateRule::kAdamw;
  if (options.optimizer == "sgd") return moving ? UpdateRule::kSgdMomentum : UpdateRule::kSgd;
  if (options.optimizer == "rmsprop")
    return moving ? UpdateRule::kRmspropMomentum : UpdateRule::kRmsprop;
  return UsageError(fmt::format("no training.optimizer named '{}'", options.optimizer),
                    "choose one of: adam, adamw, sgd, rmsprop");
}

std::vector<std::string> MomentsOf(UpdateRule rule) {
  switch (rule) {
    case UpdateRule::kSgd:
      return {};
    case UpdateRule::kSgdMomentum:
      // Names as in the state_dict of torch.optim.
      return {".momentum_buffer"};
    case UpdateRule::kAdam:
    case UpdateRule::kAdamw:
      return {".exp_avg", ".exp_avg_sq"};
    case UpdateRule::kRmsprop:
      return {".square_avg"};
    case UpdateRule::kRmspropMomentum:
      return {".square_avg", ".momentum_buffer"};
  }
  return {};
}

bool CountsSteps(UpdateRule rule) {
  return rule == UpdateRule::kAdam || rule == UpdateRule::kAdamw;
}

bool AllowsMomentum(UpdateRule rule) {
  return rule != UpdateRule::kSgd && rule != UpdateRule::kRmsprop;
}

void ClipToNorm(const Kernels& kernels, double most, std::size_t n, float* gradient) {
  const double norm = std::sqrt(kernels.sum_of_squares(n, gradient));
  // The small term is PyTorch's; it keeps a gradient of 0 from a division by 0.
  const double coefficient = most / (norm + 1e-6);
  if (coefficient < 1) kernels.scale(n, static_cast<float>(coefficient), gradient);
}

void Update(const Kernels& kernels, UpdateRule rule, const TrainOptions& options,
            std::int64_t steps, const FlatParameters& parameters) {
  switch (rule) {
    case UpdateRule::kSgd:
    case UpdateRule::kSgdMomentum:
      return UpdateSgd(kernels, options, parameters);
    case UpdateRule::kAdam:
      return UpdateAdam(kernels, options, options.weight_decay, steps, parameters);
    case UpdateRule::kAdamw:
      return UpdateAdamw(kernels, options, steps, parameters);
    case UpdateRule::kRmsprop:
    case UpdateRule::kRmspropMomentum:
      return UpdateRmsprop(kernels, options, parameters);
  }
}

}  // namespace delstep
