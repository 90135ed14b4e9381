#pragma once
/// exp and log of our own: the C library's give other last bits on other processors, and runs must
/// not.
namespace delstep {

/// Natural logarithm of a positive finite number; error below 1 ulp. -inf at 0, NaN below.
double Log(double x);
/// e^x, error below 1 ulp; 0 and +inf where the result leaves the range of double.
double Exp(double x);

}  // namespace delstep
