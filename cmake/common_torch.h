/// The same for the LibTorch learner and its tests.
#include <torch/torch.h>

#include "common.h"
