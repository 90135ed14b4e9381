#pragma once
/// Memory for LibTorch's tensors that is kept when a tensor goes.
///
/// A training step frees and allocates the same few sizes again and again, and large blocks that go
/// back to the system cost a page fault for each page when they return. So each thread keeps what
/// it frees, by size, up to a bound, and takes it from there.

namespace delstep {

/// For all tensors of the process from now on; calling it again does nothing.
void InstallCachingAllocator();

}  // namespace delstep
