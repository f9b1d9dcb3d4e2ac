// SPDX-License-Identifier: Apache-2.0
// Numbers from the words of a stream.
#include "tensor/random_numbers.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace thaw {
namespace {

double polynomial(const std::array<double, 8>& c, double x) {
  double y = 0;
  for (size_t i = c.size(); i-- > 0;) y = y * x + c[i];
  return y;
}

// The standard normal's quantile at p in (0, 1) to 16 digits (Wichura 1988, algorithm AS 241). All but the tails is a
// rational function: the same on every platform.
double normal_quantile(double p) {
  static constexpr std::array<double, 8> a{3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                           1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                           3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr std::array<double, 8> b{1.0,
                                           4.2313330701600911252e+1,
                                           6.8718700749205790830e+2,
                                           5.3941960214247511077e+3,
                                           2.1213794301586595867e+4,
                                           3.9307895800092710610e+4,
                                           2.8729085735721942674e+4,
                                           5.2264952788528545610e+3};
  static constexpr std::array<double, 8> c{
      1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr std::array<double, 8> d{1.0,
                                           2.05319162663775882187e0,
                                           1.67638483018380384940e0,
                                           6.89767334985100004550e-1,
                                           1.48103976427480074590e-1,
                                           1.51986665636164571966e-2,
                                           5.47593808499534494600e-4,
                                           1.05075007164441684324e-9};
  static constexpr std::array<double, 8> e{
      6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr std::array<double, 8> f{1.0,
                                           5.99832206555887937690e-1,
                                           1.36929880922735805310e-1,
                                           1.48753612908506148525e-2,
                                           7.86869131145613259100e-4,
                                           1.84631831751005468180e-5,
                                           1.42151175831644588870e-7,
                                           2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double tail =
      r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return q < 0 ? -tail : tail;
}

}  // namespace

std::vector<double> uniform_numbers(int64_t count, RandomKey key) {
  std::vector<double> u(static_cast<size_t>(count));
  for (size_t i = 0; i < u.size(); i += 4) {
    const auto words = random_words(key, i / 4);
    for (size_t j = i; j < std::min(i + 4, u.size()); ++j) u[j] = (words[j - i] + 0.5) * 0x1p-32;
  }
  return u;
}

std::vector<double> normal_numbers(int64_t count, RandomKey key) {
  std::vector<double> x = uniform_numbers(count, key);
  for (double& v : x) v = normal_quantile(v);
  return x;
}

}  // namespace thaw
