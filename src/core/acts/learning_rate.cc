#include "core/acts/learning_rate.h"

#include <algorithm>

namespace delstep {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// By squaring: the same products, in the same order, on every machine.
double Power(double base, std::uint64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) power *= base;
  return power;
}

/// cos(pi * x) for x in [0, 1], by its Taylor series, which ends within an ulp or two for the
/// angles up to pi / 2 that symmetry leaves.
double CosineOfPi(double x) {
  if (x > 0.5) return -CosineOfPi(1 - x);
  const double square = (kPi * x) * (kPi * x);
  double sum = 0;
  for (int k = 22; k > 0; k -= 2) sum = (sum + 1) * -square / (k * (k - 1));
  return sum + 1;
}

/// The formulas of torch.optim.lr_scheduler (StepLR, ExponentialLR, CosineAnnealingLR), with t the
/// number of trainings that the node has done before this one. Beyond lr_total `cosine` stays at
/// its lowest value.
double Scheduled(const TrainingOptions& o, std::uint64_t t) {
  if (o.lr_schedule == "step") return o.lr * Power(o.lr_gamma, t / o.lr_step);
  if (o.lr_schedule == "exponential") return o.lr * Power(o.lr_gamma, t);
  if (o.lr_schedule == "cosine") {
    const double passed = std::min(1.0, static_cast<double>(t) / static_cast<double>(o.lr_total));
    return o.lr_min + (o.lr - o.lr_min) * (1 + CosineOfPi(passed)) / 2;
  }
  return o.lr;
}

}  // namespace

double LearningRate(const TrainingOptions& options, std::uint64_t trained) {
  // Warm-up scales what the schedule gives, also where that has begun to fall.
  double rate = Scheduled(options, trained);
  if (trained + 1 < options.lr_warmup)
    rate *= static_cast<double>(trained + 1) / static_cast<double>(options.lr_warmup);
  return std::max(rate, options.lr_min);
}

}  // namespace delstep
