#pragma once
/// Learning-rate schedules.
#include <cstdint>

#include "delstep/scenario.h"

namespace delstep {

/// The learning rate of a node that has trained `trained` times before (t):
///
///   constant     lr
///   step         lr * lr_gamma^floor(t / lr_step)
///   exponential  lr * lr_gamma^t
///   cosine       lr_min + (lr - lr_min) * (1 + cos(pi * t / lr_total)) / 2, from t = lr_total on
///                lr_min
///
/// as StepLR, ExponentialLR and CosineAnnealingLR of torch.optim.lr_scheduler, whose `step()` would
/// follow each `train`; times (t + 1) / lr_warmup as long as that is below 1; and never below
/// lr_min. A function of its arguments alone: no power or cosine of the C library is used, which
/// differ between machines.
double LearningRate(const TrainingOptions& options, std::uint64_t trained);

}  // namespace delstep
