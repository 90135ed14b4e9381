#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "math/float_functions.h"
#include "math/kernels.h"

#define DELSTEP_LANES 4
#define DELSTEP_ROWS 4
#define DELSTEP_PANEL 2
#define DELSTEP_FUSED false
#include "math/kernels_impl.inc"

namespace delstep {

extern const Kernels kPortableKernels;
const Kernels kPortableKernels = KernelsNamed("portable");

}  // namespace delstep
