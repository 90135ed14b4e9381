#pragma once
/// Which kernels the OpenBLAS below LibTorch takes.
///
/// OpenBLAS has kernels for many processors and chooses when it is loaded, by model number. A
/// processor that is younger than the release is unknown to it: 0.3.21, which Debian 12 has, then
/// takes its smallest kernels, with SSE alone, and products of matrices take up to ten times as
/// long. OPENBLAS_CORETYPE chooses in its place. So LibTorch is loaded with that variable set, to
/// what the instruction set in use stands for.
///
/// That is done always, rather than only where OpenBLAS does not know the processor, for two
/// reasons. Machines of one instruction set then compute the same bits, whatever OpenBLAS thinks of
/// them (docs/internals/determinism.md). And the choice of OpenBLAS is known only once it is loaded,
/// when it stands; to look, it would have to be loaded, closed and loaded again, and closing it has
/// hung and crashed in several of its releases. The price: later kernels for one kind of processor
/// are not taken. For single precision there are none that differ in speed, up to 0.3.30.
#include <string>
#include <string_view>

namespace delstep {

/// Its kernels for an instruction set, as OPENBLAS_CORETYPE names them; empty: whichever it takes.
/// `instruction_set`: the name of the kernels in use (math/kernels.h). `portable`: those that every
/// x86-64 processor can run, as a scenario may ask for.
std::string_view OpenBlasKernels(std::string_view instruction_set, bool portable);

/// While it lives, an OpenBLAS that is loaded takes `kernels`, by the environment, unless the user
/// has chosen by the same means. Afterwards the environment is as before: neither a library that
/// the process loads later nor a program that it starts knows of it.
///
/// It changes nothing for an OpenBLAS that is there already, such as that of NumPy in a Python
/// process, nor for another BLAS. As with any change of the environment, no other thread should
/// read the environment at the moments of construction and destruction.
class OpenBlasChoice {
 public:
  explicit OpenBlasChoice(std::string_view kernels);
  ~OpenBlasChoice();
  OpenBlasChoice(const OpenBlasChoice&) = delete;
  OpenBlasChoice& operator=(const OpenBlasChoice&) = delete;

 private:
  bool is_ours_ = false;  ///< the variable is to go again
};

/// What became of it, for the user. `described`: LearnerEntry::About::blas. `kernels`: those that
/// it was told to take, empty for none. The answer depends on the environment too.
struct OpenBlasFinding {
  std::string text;
  bool is_good = true;  ///< false: it computes with others, and the text says what to do
};
OpenBlasFinding JudgeOpenBlas(const std::string& described, std::string_view kernels);

}  // namespace delstep
