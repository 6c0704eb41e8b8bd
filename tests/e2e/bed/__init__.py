"""The test bed: the service in a home of its own, a scripted upstream, raw HTTP, proxies and the real client."""
