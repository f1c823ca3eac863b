-- 100 KB in every request
wrk.method = "POST"
wrk.body = string.rep("x", 100 * 1024)
wrk.headers["Content-Type"] = "application/octet-stream"
