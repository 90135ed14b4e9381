#ifdef __x86_64__
#include <immintrin.h>

#include "math/float_functions.h"
#include "math/kernels.h"

#define DELSTEP_LANES 16
#define DELSTEP_ROWS 14
#define DELSTEP_PANEL 2
#define DELSTEP_FUSED true
#include "math/kernels_impl.inc"

namespace delstep {

extern const Kernels kAvx512Kernels;
const Kernels kAvx512Kernels = KernelsNamed("avx512");

}  // namespace delstep
#endif
