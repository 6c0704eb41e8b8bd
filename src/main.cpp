#include <cstdio>

int main() { std::puts("ccr " CCR_VERSION); }
