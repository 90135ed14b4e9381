#pragma once
/// exp, log and Gamma of our own: the C library's give other last bits on other processors, and
/// runs must not.
namespace delstep {

/// Natural logarithm of a positive finite number; error below 1 ulp. -inf at 0, NaN below.
double Log(double x);
/// e^x, error below 1 ulp; 0 and +inf where the result leaves the range of double.
double Exp(double x);
/// The Gamma function for x in [1, 101], within 1e-13 of it, by Lanczos' approximation (g = 7, n =
/// 9; Lanczos 1964, coefficients of Godfrey 2001).
double Gamma(double x);

}  // namespace delstep
