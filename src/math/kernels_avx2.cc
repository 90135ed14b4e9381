#ifdef __x86_64__
#include <immintrin.h>

#include "math/float_functions.h"
#include "math/kernels.h"

#define DELSTEP_LANES 8
#define DELSTEP_ROWS 6
#define DELSTEP_PANEL 2
#define DELSTEP_WIDE_ROWS 3
#define DELSTEP_WIDE_PANEL 4
#define DELSTEP_FUSED true
#include "math/kernels_impl.inc"

namespace delstep {

extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels = KernelsNamed("avx2");

}  // namespace delstep
#endif
