#pragma once
/// SGD, Adam, AdamW and RMSprop over flat arrays, with the arithmetic and the defaults of torch.optim.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "math/kernels.h"

namespace delstep {

enum class UpdateRule : std::uint8_t {
  kSgd,              ///< keeps nothing: momentum must stay 0
  kSgdMomentum,      ///< a velocity, no dampening, no Nesterov
  kAdam,             ///< betas 0.9 and 0.999, epsilon 1e-8; L2 decay, as Adam and not AdamW
  kAdamw,            ///< the same with decoupled decay (Loshchilov and Hutter 2019, algorithm 2)
  kRmsprop,          ///< alpha 0.99, epsilon 1e-8, not centred: momentum must stay 0
  kRmspropMomentum,  ///< the same with a velocity
};

/// The rule of `training.optimizer`; with room for momentum if `training.momentum` is not 0.
Result<UpdateRule> ChooseRule(const TrainingOptions& options);
/// What the rule keeps of each parameter, as suffixes of its name: {".exp_avg", ".exp_avg_sq"}.
std::vector<std::string> MomentsOf(UpdateRule rule);
/// Whether the rule counts its steps, as the raw integer "step" of a state row.
bool CountsSteps(UpdateRule rule);
/// Whether a job may ask for momentum: there is room for it, or (Adam) it is of no meaning.
bool AllowsMomentum(UpdateRule rule);

/// Scales a gradient of `n` floats down to the Euclidean norm `most` if its own is larger, as
/// torch.nn.utils.clip_grad_norm_: by most / (norm + 1e-6).
void ClipToNorm(const Kernels& kernels, double most, std::size_t n, float* gradient);

/// One step; `steps` is the number of this one, from 1. Moments are in the order of MomentsOf().
void Update(const Kernels& kernels, UpdateRule rule, const TrainOptions& options,
            std::int64_t steps, const FlatParameters& parameters);

}  // namespace delstep
