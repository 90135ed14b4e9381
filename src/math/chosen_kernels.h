#pragma once
/// Which kernels the environment chose.
#include "delstep/result.h"

namespace delstep {

/// Fails if the environment variable DELSTEP_KERNELS is set and names no kernels that this
/// processor runs; the error lists those that it does. A program that would measure or show
/// something calls this before BestKernels(), which cannot say so. An own header, since kernels.h
/// is compiled once per instruction set and must not bring code along.
Result<void> CheckChosenKernels();

}  // namespace delstep
