#pragma once
/// The kernels of an update as operations of LibTorch, which run wherever the memory lies.
#include <c10/core/DeviceType.h>

#include "math/kernels.h"

namespace delstep {

/// Of the table those kernels that work on rows: optimizers, clipping, the proximal term, the check
/// for finite numbers. All others are null. Pointers are to memory of a device of this type.
///
/// Eight operations at most update a whole row, however many tensors it has: on a GPU, where
/// starting an operation costs more than small ones take, torch::optim with some operations per
/// tensor would be many times slower.
///
/// Results agree with those of the other kernels to rounding. Calls work on the calling thread's
/// current stream; those that return a number wait for it.
const Kernels& TensorKernels(c10::DeviceType type);

}  // namespace delstep
