#include "compression/compressors.h"

namespace delstep {

void AddCompressors(Parts<MakeCompressor>& parts) {
  // No compressor at all, rather than one that does nothing: rows are then shared, not copied.
  parts.Add("none", "models are sent as they are",
            [](const CompressionOptions&) { return CompressorResult(nullptr); });
  parts.Add("top-k", "the values of the largest magnitude", MakeTopK);
  parts.Add("random-k", "values at random places", MakeRandomK);
  parts.Add("int8", "a byte a value", MakeInt8);
  parts.Add("stochastic", "a few bits a value, rounded at random", MakeStochastic);
}

}  // namespace delstep
