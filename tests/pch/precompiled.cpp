// CMake makes a precompiled header only beside a source.
// SPDX-License-Identifier: BSL-1.0
